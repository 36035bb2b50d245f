from django.urls import path

from trading import views

urlpatterns = [
    path("positions/", views.PositionListView.as_view(), name="positions"),
    path("trades/", views.TradeListView.as_view(), name="trades"),
]
