from django.urls import path

from strategy_api import views

urlpatterns = [
    path("", views.StrategyListView.as_view(), name="strategies"),
    path("<int:strategy_id>/", views.StrategyView.as_view(), name="strategy"),
    path("<int:strategy_id>/validate/", views.ValidateView.as_view(), name="strategy-validate"),
    path("<int:strategy_id>/generate-code/", views.GenerateCodeView.as_view(), name="strategy-generate-code"),
    path(
        "<int:strategy_id>/generate-code-from-canonical/",
        views.GenerateCodeFromCanonicalView.as_view(),
        name="strategy-generate-code-from-canonical",
    ),
    path("<int:strategy_id>/chat/", views.ChatView.as_view(), name="strategy-chat"),
    path("<int:strategy_id>/second-reading/", views.SecondReadingView.as_view(), name="strategy-second-reading"),
    path("<int:strategy_id>/proposals/", views.ProposalListView.as_view(), name="strategy-proposals"),
    path(
        "<int:strategy_id>/proposals/<uuid:proposal_id>/accept/",
        views.ProposalAcceptView.as_view(),
        name="strategy-proposal-accept",
    ),
    path("<int:strategy_id>/evidence/", views.EvidenceView.as_view(), name="strategy-evidence"),
    path("<int:strategy_id>/versions/", views.VersionListView.as_view(), name="strategy-versions"),
    path("<int:strategy_id>/explain/", views.ExplainView.as_view(), name="strategy-explain"),
    path("<int:strategy_id>/conversation/", views.ConversationView.as_view(), name="strategy-conversation"),
]
