from django.urls import path

from backtest_api import optimization_views, views

urlpatterns = [
    path("", views.BacktestListView.as_view(), name="backtests"),
    path("quick-run/", views.QuickRunView.as_view(), name="backtest-quick-run"),
    path("optimizations/", optimization_views.OptimizationListView.as_view(), name="optimizations"),
    path("optimizations/<int:optimization_id>/", optimization_views.OptimizationView.as_view(), name="optimization"),
    path(
        "optimizations/<int:optimization_id>/cancel/",
        optimization_views.OptimizationCancelView.as_view(),
        name="optimization-cancel",
    ),
    path("<int:run_id>/optimize/", optimization_views.OptimizeView.as_view(), name="backtest-optimize"),
    path("<int:run_id>/", views.BacktestView.as_view(), name="backtest"),
    path("<int:run_id>/cancel/", views.CancelView.as_view(), name="backtest-cancel"),
    path("<int:run_id>/trades/", views.TradesView.as_view(), name="backtest-trades"),
    path("<int:run_id>/equity/", views.EquityView.as_view(), name="backtest-equity"),
    path("<int:run_id>/why/", views.WhyView.as_view(), name="backtest-why"),
    path("<int:run_id>/recommendations/", views.RecommendationsView.as_view(), name="backtest-recommendations"),
    path("<int:run_id>/chart/", views.ChartView.as_view(), name="backtest-chart"),
    path("<int:run_id>/artifacts/<str:name>/", views.ArtifactView.as_view(), name="backtest-artifact"),
]
