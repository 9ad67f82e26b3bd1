from projects.models.comment import ItemComment
from projects.models.generation import GenerationItem
from projects.models.glossary import GlossaryTerm
from projects.models.item import ContentItem, ItemVersion
from projects.models.learned_rule import LearnedRule
from projects.models.plugin_generation import PluginGeneration
from projects.models.profile import ContentProfile
from projects.models.project import Project
from projects.models.source import DataSource
from projects.models.source_row import SourceRow
from projects.models.sync import Drift, StoreText, SyncRecord

__all__ = [
    "ContentItem",
    "ContentProfile",
    "DataSource",
    "Drift",
    "GenerationItem",
    "GlossaryTerm",
    "ItemComment",
    "ItemVersion",
    "LearnedRule",
    "PluginGeneration",
    "Project",
    "SourceRow",
    "StoreText",
    "SyncRecord",
]
