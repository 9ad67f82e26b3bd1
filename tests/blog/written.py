"""What is noted beside a post that a model wrote."""

WRITTEN = {
    "ai_provider": "anthropic",
    "ai_model": "claude-haiku-5-5",
    "prompt_version": 3,
    "generated_at": "2026-11-30T09:02:10Z",
    "settings": {"language": "en"},
    "checks": [{"id": "limits", "passed": True, "detail": "", "findings": []}],
}
