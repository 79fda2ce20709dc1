"""What the pictures show, one story: a preview with mistakes, a review, a drift check, and the pages that the last two write.

Names, numbers and times are the same in every run, so the pictures are, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from .stage import STACK, Stage, stage
from .terminal import Recording

COLUMNS = 96
SERVICE = "customer-profiles"
HOME, AWAY = "eu-west-2", "us-east-1"
ACCOUNT = "123456789012"
WINDOW = "shop"
LEFT_OUT = "…"

MISTAKEN = """\
from pulumi_connect_domains import customerprofiles

customerprofiles.Domain(
    "crm",
    default_expiration_days=1099,
    matching={"enabled": True, "job_schedule": {"day_of_the_week": "MONDAY", "time": "25:00"}},
    rule_based_matching={"enabled": True, "matching_rule": [{"rule": ["EmailAddress"]}]},
)
"""

PROGRAM = """\
from pulumi import ResourceOptions
from pulumi_connect_domains import customerprofiles

RULES = {
    "enabled": True,
    "matching_rules": [{"rule": ["EmailAddress"]}, {"rule": ["PhoneNumber"]}],
}
crm = customerprofiles.Domain(
    "crm", domain_name="crm", default_expiration_days=365, rule_based_matching=RULES, tags={"team": "crm"}
)
sales = customerprofiles.Domain(
    "sales", domain_name="sales", default_expiration_days=90, tags={"team": "sales"},
    opts=ResourceOptions(depends_on=[crm]),
)
support = customerprofiles.Domain(
    "support", domain_name="support", default_expiration_days=30, opts=ResourceOptions(depends_on=[sales])
)
customerprofiles.Domain(
    "surveys", domain_name="surveys", default_expiration_days=30, region="us-east-1",
    opts=ResourceOptions(depends_on=[support]),
)
"""
"""Each domain waits for the one before. Otherwise they stand in the state, and so in reports, in another order now and then."""

CHANGED = PROGRAM.replace('domain_name="crm"', 'domain_name="customers"').replace(
    'default_expiration_days=90, tags={"team": "sales"}',
    'default_expiration_days=180, tags={"team": "sales", "cost-centre": "4711"}',
)
"""`crm` has another name, which no domain can get in place; `sales` keeps its profiles longer."""


@dataclass(frozen=True)
class Story:
    """What came of it: the terminals by name, and the texts that the browser shows."""

    recordings: Mapping[str, Recording]
    report: str
    """The HTML report of the drift check."""
    comment: str
    """The Markdown of the review."""


def tell() -> Story:
    """Runs all of it, on a local AWS. Takes some seconds. Raises RuntimeError when a command does not do what it should."""
    with stage() as here:
        mistakes = preview_with_mistakes(here)
        here.program(PROGRAM)
        here.unseen("up", "--yes")
        here.aws.change(
            SERVICE,
            "crm",
            region=HOME,
            Stats={"ProfileCount": 12_345, "ObjectCount": 67_890, "TotalSize": 1_200_000_000},
        )
        review = review_of_a_change(here)
        here.run("connect-domains review preview.json --live --out markdown=comment.md", COLUMNS)
        somebody_uses_the_console(here)
        drift = drift_check(here)
        somebody_goes_on(here)
        here.run(
            f"connect-domains drift --stack {STACK} --unmanaged --require tags.team --out html=drift.html", COLUMNS, 2
        )
        report, comment = ((here.folder / name).read_text(encoding="utf-8") for name in ("drift.html", "comment.md"))
    return Story({each.name: each for each in (mistakes, review, drift)}, steady_page(report), comment)


def preview_with_mistakes(here: Stage) -> Recording:
    here.program(MISTAKEN)
    program = here.run("cat __main__.py", COLUMNS)
    preview = here.run("pulumi preview", COLUMNS, 1)
    heading = preview.index("Diagnostics:")
    errors = [line for line in preview if line.startswith("    error:")]
    return Recording(
        name="preview",
        title="A preview that names every mistake",
        description="A program with three mistakes, and `pulumi preview`, which names all of them at once, each with its path.",
        window=WINDOW,
        columns=COLUMNS,
        lines=(*program, "", preview[0], LEFT_OUT, *preview[heading : heading + 2], *errors, LEFT_OUT),
    )


def review_of_a_change(here: Stage) -> Recording:
    here.program(CHANGED)
    return Recording(
        name="review",
        title="A review of what an apply would do",
        description="`connect-domains review` says first that a domain with 12,345 profiles would be deleted, then what would change.",
        window=WINDOW,
        columns=COLUMNS,
        lines=(
            *(line for line in here.run("pulumi preview --json > preview.json", COLUMNS) if "local engine" not in line),
            *here.run("connect-domains review preview.json --live --format text", COLUMNS),
        ),
    )


def somebody_uses_the_console(here: Stage) -> None:
    """Changes that no program knows of."""
    client = here.aws.client(SERVICE, region=HOME)
    rules = here.aws.domains(SERVICE, region=HOME)["crm"]["RuleBasedMatching"]["MatchingRules"]
    client.update_domain(
        DomainName="crm",
        DefaultExpirationDays=30,
        RuleBasedMatching={"Enabled": True, "MatchingRules": rules[::-1]},
    )
    client.untag_resource(resourceArn=f"arn:aws:profile:{HOME}:{ACCOUNT}:domains/crm", tagKeys=["team"])
    client.delete_domain(DomainName="support")


def somebody_goes_on(here: Stage) -> None:
    """What is no drift: a setting that no program declares, and a domain that none does."""
    client = here.aws.client(SERVICE, region=HOME)
    client.update_domain(DomainName="sales", Matching={"Enabled": True})
    client.create_domain(DomainName="by-hand", DefaultExpirationDays=366)
    made = datetime(2026, 10, 5, 14, 12, tzinfo=timezone.utc)
    here.aws.change(SERVICE, "by-hand", region=HOME, CreatedAt=made)


def drift_check(here: Stage) -> Recording:
    return Recording(
        name="drift",
        title="A drift check",
        description="`connect-domains drift` says that one domain has drifted, property by property, and that one is missing.",
        window=WINDOW,
        columns=COLUMNS,
        lines=tuple(steady(line) for line in here.run(f"connect-domains drift --stack {STACK}", COLUMNS, 2)),
    )


def steady(line: str) -> str:
    """The line with the same duration in every run."""
    return re.sub(r"\b\d+\.\d s\b", "0.8 s", line)


def steady_page(page: str) -> str:
    """The report with the same time, duration and version in every run."""
    page = re.sub(
        r'(<time datetime=")[^"]*(">)[^<]*(</time>), [\d.]+ s',
        r"\g<1>2026-10-12T06:30:00+00:00\g<2>2026-10-12T06:30:00+00:00\3, 0.8 s",
        page,
    )
    return re.sub(r"connect-domains \d[\w.+-]*", "connect-domains 1.0.0", page)
