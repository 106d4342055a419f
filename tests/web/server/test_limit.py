"""The rate limit and the owner's settings of `/api`."""

from __future__ import annotations

import pytest

from mapapp.domain.problems import InvalidInput
from mapapp.web.api.settings import DEFAULT_PER_MINUTE, ApiSettings
from mapapp.web.server import limit as api_limit
from mapapp.web.server.limit import RateLimit, client_of


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_full_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    assert [limit.wait_s("1.2.3.4") for _ in range(60)] == [0.0] * 60
    assert limit.wait_s("1.2.3.4") == pytest.approx(1.0)
    assert limit.wait_s("1.2.3.5") == 0.0
    clock.now = 0.5
    assert limit.wait_s("1.2.3.4") == pytest.approx(0.5)
    clock.now = 1.0
    assert limit.wait_s("1.2.3.4") == 0.0
    clock.now = 1000.0
    assert [limit.wait_s("1.2.3.4") for _ in range(61)].count(0.0) == 60


def test_zero_is_no_limit() -> None:
    limit = RateLimit(0)
    assert {limit.wait_s("1.2.3.4") for _ in range(1000)} == {0.0}


def test_one_line_of_ipv6_is_one_client() -> None:
    assert client_of("2001:db8:1:2::1") == client_of("2001:db8:1:2:ffff::9")
    assert client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1")
    assert client_of("unix socket") == "unix socket"


def test_only_so_many_clients_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_limit, "MAX_CLIENTS", 3)
    limit = RateLimit(1, Clock())
    for last in range(10):
        assert limit.wait_s(f"10.0.0.{last}") == 0.0
    assert len(limit._buckets) == 3


def test_settings_are_read_from_the_environment() -> None:
    assert ApiSettings.from_environment({}) == ApiSettings(frozenset(), DEFAULT_PER_MINUTE, None)
    own = ApiSettings.from_environment(
        {
            "MAPAPP_CORS_ORIGINS": "https://a.example, https://b.example:8443",
            "MAPAPP_API_PER_MINUTE": "30",
            "MAPAPP_PUBLIC_URL": "https://map.example.org/",
        }
    )
    assert own.allows("https://b.example:8443")
    assert not own.allows("https://c.example")
    assert (own.per_minute, own.public_url) == (30, "https://map.example.org")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAPAPP_CORS_ORIGINS", "example.org"),
        ("MAPAPP_CORS_ORIGINS", "https://example.org/page"),
        ("MAPAPP_API_PER_MINUTE", "many"),
        ("MAPAPP_API_PER_MINUTE", "-1"),
        ("MAPAPP_PUBLIC_URL", "map.example.org"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        ApiSettings.from_environment({name: value})
