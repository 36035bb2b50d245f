from django.urls import path

from backtest_api import views

urlpatterns = [
    path("", views.BacktestListView.as_view(), name="backtests"),
    path("quick-run/", views.QuickRunView.as_view(), name="backtest-quick-run"),
    path("<int:run_id>/", views.BacktestView.as_view(), name="backtest"),
    path("<int:run_id>/cancel/", views.CancelView.as_view(), name="backtest-cancel"),
    path("<int:run_id>/trades/", views.TradesView.as_view(), name="backtest-trades"),
    path("<int:run_id>/equity/", views.EquityView.as_view(), name="backtest-equity"),
    path("<int:run_id>/why/", views.WhyView.as_view(), name="backtest-why"),
    path("<int:run_id>/chart/", views.ChartView.as_view(), name="backtest-chart"),
    path("<int:run_id>/artifacts/<str:name>/", views.ArtifactView.as_view(), name="backtest-artifact"),
]
