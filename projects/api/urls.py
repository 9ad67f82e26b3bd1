"""The routes of projects, grouped by noun."""

from django.urls import path

from projects.api.views.generation import EstimateViewSet, GenerationViewSet
from projects.api.views.glossary import GlossaryImportViewSet, GlossaryViewSet
from projects.api.views.item_generation import ItemRegenerationViewSet
from projects.api.views.items import ItemCommentViewSet, ItemViewSet
from projects.api.views.jobs import JobStreamViewSet, JobViewSet, ProjectJobViewSet
from projects.api.views.memory import MemoryImportViewSet, MemoryViewSet
from projects.api.views.plugin import PluginBatchViewSet, PluginViewSet
from projects.api.views.profiles import ProfileViewSet
from projects.api.views.projects import LearnedRuleViewSet, ProjectsViewSet
from projects.api.views.sources import FileSourceViewSet, SourceItemsViewSet, SourceViewSet, StoreImportViewSet
from projects.api.views.sync import JobUndoViewSet, SyncItemViewSet, SyncViewSet, VerifyViewSet
from projects.api.views.system import SystemViewSet
from projects.api.views.translations import TranslationExportViewSet, TranslationImportViewSet

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
    path("projects/<str:project_id>/regenerate/estimate", GenerationViewSet.as_view({"post": "estimate_regenerate"})),
    path("projects/<str:project_id>/regenerate/stream", GenerationViewSet.as_view({"post": "regenerate_stream"})),
    path("projects/<str:project_id>/regenerate-rejected", GenerationViewSet.as_view({"post": "regenerate_rejected"})),
    path(
        "projects/<str:project_id>/regenerate-rejected/estimate",
        GenerationViewSet.as_view({"post": "estimate_regenerate_rejected"}),
    ),
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
    path("projects/<str:project_id>/verify", VerifyViewSet.as_view({"post": "verify"})),
    path("projects/<str:project_id>/drift", VerifyViewSet.as_view({"get": "drift"})),
    path("projects/<str:project_id>/sync/languages", SyncViewSet.as_view({"get": "languages"})),
    path("projects/<str:project_id>/sync/warnings", SyncViewSet.as_view({"get": "warnings"})),
    path("projects/<str:project_id>/sync/<str:item_id>", SyncItemViewSet.as_view({"post": "create_item"})),
    path("projects/<str:project_id>/sync/<str:item_id>/undo", SyncItemViewSet.as_view({"post": "undo_item"})),
    path("projects/<str:project_id>/sync/<str:item_id>/history", SyncItemViewSet.as_view({"get": "history"})),
    path("jobs/<str:job_id>/undo", JobUndoViewSet.as_view({"post": "undo"})),
]

projects = [
    path("projects/plugin-integrations", ProjectsViewSet.as_view({"get": "plugin_integrations"})),
    path("projects", ProjectsViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "projects/<str:project_id>",
        ProjectsViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("projects/<str:project_id>/restore", ProjectsViewSet.as_view({"post": "restore"})),
    path("projects/<str:project_id>/learned-rules", LearnedRuleViewSet.as_view({"get": "learned_rules"})),
    path(
        "projects/<str:project_id>/learned-rules/<str:rule_id>",
        LearnedRuleViewSet.as_view({"patch": "decide_rule"}),
    ),
    path("projects/<str:project_id>/truncate", ProjectsViewSet.as_view({"post": "truncate"})),
    path("projects/<str:project_id>/permanent", ProjectsViewSet.as_view({"delete": "permanent"})),
]

sources = [
    path("projects/<str:project_id>/sources", SourceViewSet.as_view({"get": "listing"})),
    path("projects/<str:project_id>/sources/detect-columns", FileSourceViewSet.as_view({"post": "detect_columns"})),
    path("projects/<str:project_id>/sources/file", FileSourceViewSet.as_view({"post": "upload"})),
    path("projects/<str:project_id>/sources/manual", SourceViewSet.as_view({"post": "manual"})),
    path("projects/<str:project_id>/sources/<str:source_id>", SourceViewSet.as_view({"delete": "destroy"})),
    path("projects/<str:project_id>/sources/<str:source_id>/items", SourceItemsViewSet.as_view({"post": "create"})),
    path("projects/<str:project_id>/sources/<str:source_id>/export", SourceViewSet.as_view({"get": "export"})),
]

items = [
    path("projects/<str:project_id>/items", ItemViewSet.as_view({"get": "list"})),
    path("projects/<str:project_id>/items/next", ItemViewSet.as_view({"get": "next"})),
    path("projects/<str:project_id>/items/batch", ItemViewSet.as_view({"patch": "batch"})),
    path("projects/<str:project_id>/items/exclude", ItemViewSet.as_view({"post": "exclude"})),
    path("projects/<str:project_id>/items/restore", ItemViewSet.as_view({"post": "restore"})),
    path(
        "projects/<str:project_id>/items/<str:item_id>",
        ItemViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("projects/<str:project_id>/items/<str:item_id>/versions", ItemViewSet.as_view({"get": "versions"})),
    path("projects/<str:project_id>/items/<str:item_id>/provenance", ItemViewSet.as_view({"get": "provenance"})),
    path(
        "projects/<str:project_id>/items/<str:item_id>/versions/<str:version_id>/restore",
        ItemViewSet.as_view({"post": "restore_version"}),
    ),
    path(
        "projects/<str:project_id>/items/<str:item_id>/regenerate",
        ItemRegenerationViewSet.as_view({"post": "regenerate"}),
    ),
    path(
        "projects/<str:project_id>/items/<str:item_id>/regenerate/estimate",
        ItemRegenerationViewSet.as_view({"post": "estimate_regenerate"}),
    ),
    path(
        "projects/<str:project_id>/items/<str:item_id>/comments",
        ItemCommentViewSet.as_view({"get": "comments", "post": "comment"}),
    ),
    path(
        "projects/<str:project_id>/items/<str:item_id>/comments/<str:comment_id>",
        ItemCommentViewSet.as_view({"delete": "delete_comment"}),
    ),
    path("projects/<str:project_id>/items/<str:item_id>/diff", ItemViewSet.as_view({"get": "diff"})),
    path("projects/<str:project_id>/export", ItemViewSet.as_view({"get": "export"})),
    path(
        "projects/<str:project_id>/translations/export",
        TranslationExportViewSet.as_view({"get": "export_translations"}),
    ),
    path(
        "projects/<str:project_id>/translations/import",
        TranslationImportViewSet.as_view({"post": "import_translations"}),
    ),
]

content_profiles = [
    path("content-profiles", ProfileViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "content-profiles/<str:profile_id>",
        ProfileViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("content-profiles/<str:profile_id>/set-default", ProfileViewSet.as_view({"put": "set_default"})),
]

terms = [
    path("translation-memory", MemoryViewSet.as_view({"delete": "destroy"})),
    path("translation-memory/export", MemoryViewSet.as_view({"get": "export"})),
    path("translation-memory/import", MemoryImportViewSet.as_view({"post": "load"})),
    path("glossary", GlossaryViewSet.as_view({"get": "list", "post": "create"})),
    path("glossary/export", GlossaryViewSet.as_view({"get": "export"})),
    path("glossary/import", GlossaryImportViewSet.as_view({"post": "load"})),
    path(
        "glossary/<str:term_id>",
        GlossaryViewSet.as_view({"get": "retrieve", "patch": "update", "delete": "destroy"}),
    ),
]

plugin = [
    path("plugin/status", PluginViewSet.as_view({"get": "status"})),
    path("plugin/generate-description", PluginViewSet.as_view({"post": "generate_description"})),
    path("plugin/generate-description/estimate", PluginViewSet.as_view({"post": "estimate_generate_description"})),
    path("plugin/generate-description-async", PluginViewSet.as_view({"post": "generate_description_async"})),
    path("plugin/batches", PluginBatchViewSet.as_view({"post": "create"})),
    path("plugin/batches/estimate", PluginBatchViewSet.as_view({"post": "estimate_create"})),
    path("plugin/batches/<str:batch_id>", PluginBatchViewSet.as_view({"get": "retrieve"})),
    path("plugin/generation/<str:generation_id>/status", PluginViewSet.as_view({"get": "generation_status"})),
]

urlpatterns = [
    *plugin,
    *projects,
    *sources,
    *items,
    *content_profiles,
    *terms,
    *system,
    *generation,
    *jobs,
    *store_import,
    *sync,
]
