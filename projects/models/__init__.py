from projects.models.approval import Approval
from projects.models.generation import GenerationBatch, GenerationItem
from projects.models.item import ContentItem, ItemComment, ItemVersion, ItemWords, SavedFilter
from projects.models.project import ContentProfile, PluginGeneration, Project
from projects.models.source import DataSource, SourceRow
from projects.models.sync import Drift, StoreText, SyncRecord
from projects.models.wording import GlossaryTerm, LearnedRule, TranslationUnit
