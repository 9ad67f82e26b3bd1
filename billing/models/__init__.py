"""Money, one module per noun."""

from billing.models.cycle import Cycle
from billing.models.entry import Balance, Entry
from billing.models.hold import Hold, HoldCapture
from billing.models.plan import BillingPeriod, Plan, Tier, TopupPack
from billing.models.price import AIModel, ImagePrice, ModelTier
from billing.models.usage import UsageRecord
from billing.models.wallet import ZERO, Wallet

__all__ = [
    "ZERO",
    "AIModel",
    "Balance",
    "BillingPeriod",
    "Cycle",
    "Entry",
    "Hold",
    "HoldCapture",
    "ImagePrice",
    "ModelTier",
    "Plan",
    "Tier",
    "TopupPack",
    "UsageRecord",
    "Wallet",
]
