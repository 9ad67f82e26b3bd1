"""Money, one module per noun."""

from billing.models.entry import Balance, Entry
from billing.models.event import ProviderEvent
from billing.models.hold import Hold, HoldCapture
from billing.models.invoice import BankReceipt, ExchangeRate, Invoice, InvoiceCounter
from billing.models.period import PaidPeriod
from billing.models.plan import FREE, BillingPeriod, Plan, TopupPack
from billing.models.price import AIModel, ImagePrice, ModelTier
from billing.models.reconciliation import Difference, Reconciliation
from billing.models.subscription import (
    Checkout,
    Payment,
    PaymentCustomer,
    PaymentProviderName,
    PlanSeen,
    Refund,
    Subscription,
)
from billing.models.usage import UsageRecord
from billing.models.wallet import ZERO, Cycle, Wallet
