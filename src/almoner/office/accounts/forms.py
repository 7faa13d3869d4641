"""What is typed when access is given, and when a password is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from almoner.office.accounts.places import Place
from almoner.office.accounts.roles import Role
from almoner.office.furniture.fields import PoundsField

LIMITED = (Role.PAYMENTS_OFFICER, Role.PAYMENTS_APPROVER, Role.TEAM_MANAGER)
"""Roles that release holds, each up to a limit of their own."""


def _chosen(places: Iterable[str]) -> list[Place]:
    return [(kind, place_id) for kind, _, place_id in (place.partition(":") for place in places)]


class Person(forms.Form):
    """Who is to have access."""

    name = forms.CharField(max_length=120, error_messages={"required": "Enter their name"})
    email = forms.EmailField(
        error_messages={"required": "Enter their email address", "invalid": "Enter an email address, like jo@care.example"}
    )

    def clean_name(self) -> str:
        """On one line: it stands in lists and letters."""
        return " ".join(self.cleaned_data["name"].split())


class Terms(forms.Form):
    """Under which role, limited to what."""

    role = forms.ChoiceField(error_messages={"required": "Choose a role", "invalid_choice": "Choose a role"})
    places = forms.MultipleChoiceField(required=False, error_messages={"invalid_choice": "Choose from the sites and contracts shown"})
    limit = PoundsField(required=False)

    def __init__(self, *given: Any, roles: Iterable[Role], places: Mapping[Place, str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["role"].choices = [(role.value, role.word) for role in roles]  # type: ignore[attr-defined]
        self.fields["places"].choices = [(f"{kind}:{number}", words) for (kind, number), words in places.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Limits are for those who can have them."""
        given: dict[str, Any] = super().clean() or {}
        role = given.get("role")
        if given.get("places") and role and role != Role.PROVIDER_USER:
            self.add_error("places", "An administrator reaches everything. Choose no sites or contracts, or make them a provider user")
        if given.get("limit") is not None and role not in LIMITED:
            self.add_error("limit", "Leave this empty: only those who release holds have a limit")
        return given

    @property
    def chosen_role(self) -> Role:
        """The role, once valid."""
        return Role(self.cleaned_data["role"])

    @property
    def chosen_places(self) -> list[Place]:
        """The places it is limited to, once valid."""
        return _chosen(self.cleaned_data["places"])


class Given(Person, Terms):
    """A new access."""


class GivenByCouncil(Given):
    """A new access to any organisation."""

    organisation = forms.CharField(required=False, max_length=40)

    def __init__(self, *given: Any, organisations: Mapping[tuple[str, str], str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.organisations = organisations

    def clean(self) -> dict[str, Any]:
        """A role of a provider or partner names an organisation that is known; one of the council names none."""
        given = super().clean()
        role = given.get("role")
        if role:
            side, number = Role(role).side, (given.get("organisation") or "").strip()
            if side != "council" and (str(side), number) not in self.organisations:
                whose = "provider" if side == "provider" else "funder"
                self.add_error(
                    "organisation", f"Enter the number of a {whose} that is known, like {_example(self.organisations, str(side))}"
                )
            elif side == "council" and number:
                self.add_error("organisation", "Leave this empty for somebody of the council")
            given["organisation"] = number
        return given


class TokenAsked(forms.Form):
    """A token for one's own system."""

    name = forms.CharField(max_length=60, error_messages={"required": "Enter a name, like the system that will use it"})
    places = forms.MultipleChoiceField(required=False)

    def __init__(self, *given: Any, places: Mapping[Place, str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["places"].choices = [(f"{kind}:{number}", words) for (kind, number), words in places.items()]  # type: ignore[attr-defined]

    @property
    def chosen_places(self) -> list[Place]:
        """The places it is limited to, once valid."""
        return _chosen(self.cleaned_data["places"])


class PasswordChosen(forms.Form):
    """A first password, twice."""

    password1 = forms.CharField(error_messages={"required": "Enter a password of at least 12 characters"}, strip=False)
    password2 = forms.CharField(error_messages={"required": "Enter the password again"}, strip=False)

    def __init__(self, *given: Any, email: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self.email = email

    def clean_password1(self) -> str:
        """Long enough, not a common one, not one's address."""
        password = str(self.cleaned_data["password1"])
        validate_password(password, _Whose(self.email))  # type: ignore[arg-type]
        return password

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("password1") and given.get("password2") and given["password1"] != given["password2"]:
            self.add_error("password2", "The two passwords are not the same. Enter the same one twice")
        return given


class _Whose:
    """What the password must not be like."""

    def __init__(self, email: str) -> None:
        self.email = email


def _example(organisations: Mapping[tuple[str, str], str], side: str) -> str:
    return min((number for its_side, number in organisations if its_side == side), default="4001")
