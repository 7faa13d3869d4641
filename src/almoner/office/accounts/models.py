"""People who sign in, and what for. An access that ended stays, so that the journal can always be read."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower

from almoner.office.accounts.roles import Role, Side


class User(AbstractBaseUser):
    """Somebody who may sign in with an email address, a password and a second factor. Without an access in force they see nothing."""

    email = models.EmailField(unique=True, help_text="in lower case")
    name = models.TextField()
    is_active = models.BooleanField(default=True, help_text="False: cannot sign in at all")
    made_at = models.DateTimeField()
    rows_a_page = models.PositiveSmallIntegerField(default=50)
    is_comfortable = models.BooleanField(default=False, help_text="rows of tables higher than usual")
    columns = models.JSONField(default=dict, help_text="by table the names of the columns chosen")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar = BaseUserManager()

    class Meta:
        db_table = "almoner_users"
        constraints: ClassVar = [CheckConstraint(condition=Q(email=Lower("email")), name="users_email_lower")]

    def __str__(self) -> str:
        """What a form shows."""
        return self.email


class Access(models.Model):
    """A user's role in one organisation. `organisation_id` is a provider's or funder's number, empty for the council itself.

    `limit_pence`: the most this person may release of one hold; null = no limit. In force while `ended_at` is null and, for a role
    that lets money go, once a second administrator has confirmed it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="accesses")
    role = models.CharField(max_length=32, choices=[(role.value, role.word) for role in Role])
    side = models.CharField(max_length=16, choices=[(side.value, side.value) for side in Side])
    organisation_id = models.TextField(blank=True, default="")
    limit_pence = models.BigIntegerField(null=True)
    given_by = models.TextField()
    given_at = models.DateTimeField()
    confirmed_by = models.TextField(blank=True, default="")
    last_used_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    unwanted_emails = models.JSONField(default=list, help_text="kinds of emails that this person does not want for this organisation")

    class Meta:
        db_table = "almoner_accesses"
        constraints: ClassVar = [
            UniqueConstraint(fields=["user", "side", "organisation_id"], condition=Q(ended_at=None), name="accesses_once"),
            CheckConstraint(
                condition=(Q(side="council") & Q(organisation_id="")) | (~Q(side="council") & ~Q(organisation_id="")),
                name="accesses_organisation",
            ),
            CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="accesses_role_known"),
            CheckConstraint(condition=~Q(confirmed_by=models.F("given_by")), name="accesses_two_people"),
        ]


class AccessPlace(models.Model):
    """A site or contract that an access is limited to; an access without any reaches all that the organisation owns."""

    access = models.ForeignKey(Access, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(max_length=16, choices=[("site", "Site"), ("contract", "Contract")])
    place_id = models.TextField()

    class Meta:
        db_table = "almoner_access_places"
        constraints: ClassVar = [
            UniqueConstraint(fields=["access", "kind", "place_id"], name="access_places_once"),
            CheckConstraint(condition=Q(kind__in=["site", "contract"]), name="access_places_kind_known"),
        ]


class Invitation(models.Model):
    """A one-time link by which a user sets a password. The key is in the link alone; here is its SHA-256."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="links")
    key_sha256 = models.TextField(unique=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "almoner_links"


class Token(models.Model):
    """What a provider's own system shows to the API instead of signing in. The token itself is shown once; here is its SHA-256.

    `places`: [`site` or `contract`, id] pairs it is limited to; none = all that the organisation owns.
    """

    organisation_id = models.TextField()
    name = models.TextField()
    key_sha256 = models.TextField(unique=True)
    places = models.JSONField(default=list)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "almoner_tokens"
        indexes = (models.Index(fields=["organisation_id"], name="tokens_organisation"),)
