"""The simulated organizer: opens the dashboard with the secret link and presses its buttons. Knows nobody's answers."""

from urllib.parse import urlsplit

from service.dev.crowd.browser import Browser, Page, Trouble, origin_of
from service.dev.crowd.forms import Form, alert_of, forms_of
from service.dev.crowd.phone import Setting


class Host:
    """An organizer by link. ``event`` is the public id of the event that the link is for. Its methods raise Trouble."""

    def __init__(self, link: str, event: str, setting: Setting) -> None:
        self._log = setting.log
        self._address = f"{origin_of(link)}/host/{event}"
        token = urlsplit(link).path.rstrip("/").rpartition("/")[2]
        self._browser = Browser(setting.client, setting.gate, self._complain, {"Authorization": f"Bearer {token}"})

    async def make_ready(self) -> Form:
        """The form that starts a round; a round that is still running is ended first."""
        form = await self._form("start-round")
        if form is None:
            await self.end()
            form = await self._form("start-round")
        if form is None:
            raise Trouble("found no way to start a round on the dashboard")
        return form

    async def end(self) -> None:
        """Press end, unless the round is over already."""
        form = await self._form("end-round")
        if form is not None:
            await self.press(form)

    async def press(self, form: Form) -> None:
        """Send a form of the dashboard. A round that ended by its clock meanwhile is ended all the same."""
        page = await self._browser.submit(self._address, form.address, form.sends(next(iter(form.buttons), None)))
        if form.action != "end-round" or page.status != 409:
            self._refuse(page, f"was refused when pressing {form.action}")

    async def _form(self, action: str) -> Form | None:
        page = await self._browser.open(self._address)
        self._refuse(page, "was not let in")
        return next((form for form in forms_of(page.html) if form.action == action), None)

    def _refuse(self, page: Page, what: str) -> None:
        if page.status >= 400:
            said = alert_of(page.html)
            raise Trouble(f"{what} ({page.status}: “{said}”)" if said else f"{what} ({page.status})")

    def _complain(self, what: str) -> None:
        self._log(f"The organizer {what}.")
