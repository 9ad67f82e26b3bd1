"""The routes of projects, grouped by noun."""

from django.urls import path

from projects.api.views.generation import EstimateViewSet, GenerationViewSet
from projects.api.views.jobs import JobStreamViewSet, JobViewSet, ProjectJobViewSet
from projects.api.views.store_import import StoreImportViewSet
from projects.api.views.sync import JobUndoViewSet, SyncItemViewSet, SyncViewSet
from projects.api.views.system import SystemViewSet

system = [
    path("system/providers", SystemViewSet.as_view({"get": "providers"})),
    path("system/platforms", SystemViewSet.as_view({"get": "platforms"})),
    path("system/content-types", SystemViewSet.as_view({"get": "content_types"})),
    path("system/languages", SystemViewSet.as_view({"get": "languages"})),
    path("system/tones", SystemViewSet.as_view({"get": "tones"})),
]

generation = [
    path("projects/<str:project_id>/generate", GenerationViewSet.as_view({"post": "generate"})),
    path("projects/<str:project_id>/generate/estimate", EstimateViewSet.as_view({"post": "estimate"})),
    path("projects/<str:project_id>/generate/stream", GenerationViewSet.as_view({"post": "generate_stream"})),
    path("projects/<str:project_id>/regenerate", GenerationViewSet.as_view({"post": "regenerate"})),
    path("projects/<str:project_id>/regenerate/stream", GenerationViewSet.as_view({"post": "regenerate_stream"})),
    path("projects/<str:project_id>/regenerate-rejected", GenerationViewSet.as_view({"post": "regenerate_rejected"})),
    path(
        "projects/<str:project_id>/regenerate-rejected/stream",
        GenerationViewSet.as_view({"post": "regenerate_rejected_stream"}),
    ),
]

jobs = [
    path("projects/<str:project_id>/jobs", ProjectJobViewSet.as_view({"get": "list", "post": "create"})),
    path("jobs/<str:job_id>", JobViewSet.as_view({"get": "retrieve"})),
    path("jobs/<str:job_id>/cancel", JobViewSet.as_view({"post": "cancel"})),
    path("jobs/<str:job_id>/stream", JobStreamViewSet.as_view({"get": "stream"})),
]

store_import = [
    path("projects/<str:project_id>/import/filters", StoreImportViewSet.as_view({"get": "filters"})),
    path("projects/<str:project_id>/import/preview", StoreImportViewSet.as_view({"post": "preview"})),
    path("projects/<str:project_id>/import/execute", StoreImportViewSet.as_view({"post": "execute"})),
]

sync = [
    path("projects/<str:project_id>/sync", SyncViewSet.as_view({"post": "create"})),
    path("projects/<str:project_id>/sync/stream", SyncViewSet.as_view({"post": "stream"})),
    path("projects/<str:project_id>/sync/<str:item_id>", SyncItemViewSet.as_view({"post": "create_item"})),
    path("projects/<str:project_id>/sync/<str:item_id>/undo", SyncItemViewSet.as_view({"post": "undo_item"})),
    path("projects/<str:project_id>/sync/<str:item_id>/history", SyncItemViewSet.as_view({"get": "history"})),
    path("jobs/<str:job_id>/undo", JobUndoViewSet.as_view({"post": "undo"})),
]

urlpatterns = [*system, *generation, *jobs, *store_import, *sync]
