def test_health_says_that_every_part_is_up(api, db):
    body = api.get("/health")
    assert body["status"] == "ok"
    assert set(body["checks"]) == {"database", "cache", "broker", "storage"}


def test_an_unknown_path_is_a_problem(api, db):
    body = api.get("/api/v1/nowhere", status=404)
    assert body["code"] == "not_found"
    assert api.last["Content-Type"] == "application/problem+json"
    assert body["request_id"] == api.last["X-Request-ID"]
