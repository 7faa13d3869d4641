"""In a browser: somebody removed is out at the next press, and signing in again says so."""

from __future__ import annotations

from tests.web.vale import PASSWORD


def test_a_removed_user_is_locked_out_at_once(browse, pages):
    user, administrator = browse("provider_user"), browse("provider_administrator")
    user.goto("/portal/payments")
    assert user.locator("h1").inner_text() == "Payments"
    administrator.click("nav >> text=People with access")
    administrator.click(f"tr:has-text('{pages['provider_user']}') >> text=Remove")
    assert "They are signed out at once" in administrator.inner_text("main")
    administrator.click("button:has-text('Remove')")
    user.click("nav >> text=Home")
    assert "Your access to Sagegreen Homecare ended on" in user.inner_text("main")
    user.goto("/sign-out")
    user.context.clear_cookies()
    user.goto("/sign-in")
    user.fill("#login", pages["provider_user"])
    user.fill("#password", PASSWORD)
    user.click("button:has-text('Continue')")
    assert "You have no access in force" in user.inner_text("main")
    user.goto("/portal/payments")
    assert "Your access to Sagegreen Homecare ended on" in user.inner_text("main")
    administrator.reload()
    assert pages["provider_user"] not in administrator.inner_text("main")
