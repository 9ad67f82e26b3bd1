"""The routes of projects, grouped by noun."""

from django.urls import path

from projects.api.views.generation import EstimateViewSet, GenerationViewSet
from projects.api.views.jobs import JobStreamViewSet, JobViewSet, ProjectJobViewSet
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

urlpatterns = [*system, *generation, *jobs]
