"""What may not be done with accesses: typed, safe to show, each with a code and a remedy."""

from __future__ import annotations

from almoner.office.journal.refusals import Refusal


class AlreadyThere(Refusal):
    """The person has access to this organisation already."""

    code = "ALREADY-THERE"


class WrongSide(Refusal):
    """The role is not one of this kind of organisation."""

    code = "WRONG-SIDE"


class NoSuchAccess(Refusal):
    """No access in force has that number."""

    code = "NO-SUCH-ACCESS"


class LastAdministrator(Refusal):
    """An organisation keeps an administrator."""

    code = "LAST-ADMINISTRATOR"


class SecondPersonNeeded(Refusal):
    """Whoever gives a role that lets money go does not confirm it."""

    code = "SAME-PERSON"


class NotForOneself(Refusal):
    """Nobody gives, changes or renews their own access."""

    code = "NOT-FOR-ONESELF"


class HasPassword(Refusal):
    """The user can sign in; a link would let somebody else in."""

    code = "HAS-PASSWORD"


class WorksElsewhere(Refusal):
    """One organisation's administrator does not let somebody of another in anew."""

    code = "WORKS-ELSEWHERE"


class LinkSpent(Refusal):
    """A link works once, and for seven days."""

    code = "LINK-SPENT"


class OwnOrganisation(Refusal):
    """Nobody decides at the council about an organisation they work for."""

    code = "OWN-ORGANISATION"


class TooManyTokens(Refusal):
    """An organisation has no more tokens than it can keep an eye on."""

    code = "TOO-MANY-TOKENS"
