"""Inside: papermill and the kernel in one forked process, ipykernel's own in-process kernel between
them.

Same shell, same messages, same display hooks as a kernel of its own; no sockets to carry them.
"""

import os
import sys
import tempfile
from types import SimpleNamespace
from typing import IO, Any

from ipykernel.inprocess.blocking import BlockingInProcessKernelClient
from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from ipykernel.iostream import IOPubThread, OutStream
from traitlets import default

from .. import project
from . import limits, warm


class Client(BlockingInProcessKernelClient):
    """Passes each cell to the kernel on nbclient's own event loop."""

    async def execute(  # type: ignore[override]  # nbclient passes these alone
        self, code: str, store_history: bool = True, stop_on_error: bool = True, **_: Any
    ) -> str:
        """Execute a cell; return the message's id once the kernel has answered."""
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
        }
        message = self.session.msg("execute_request", {**content, "stop_on_error": stop_on_error})
        kernel: Any = self.kernel
        stream = kernel.shell_stream
        self.session.send(stream, message)
        await kernel.dispatch_shell(stream.recv_multipart())
        self.shell_channel.call_handlers_later(self.session.recv(stream, copy=False)[1])
        return message["header"]["msg_id"]

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return at once: the kernel is here."""


class PrintedTooMuch(Exception):
    """A cell that prints more than a notebook may hold."""


class Stream(OutStream):
    """What cells and the processes they start print, kept until the cell ends; raises
    PrintedTooMuch in the cell before it outgrows what a copy may hold.

    Processes write into a file without a name, in the place of this process's own stream: what they
    printed stands before what the cell prints next.
    """

    written = 0
    file: IO[bytes] | None = None
    taken = 0

    def catch(self, number: int) -> None:
        """Let processes that cells start print here and no longer to this process's stream
        `number`."""
        self.file = tempfile.TemporaryFile()  # noqa: SIM115
        os.dup2(self.file.fileno(), number)

    def take(self) -> None:
        """Print what processes have printed since."""
        if self.file and os.fstat(self.file.fileno()).st_size > self.taken:
            more = os.pread(self.file.fileno(), limits.LARGEST_COPY + 1, self.taken)
            self.taken = os.fstat(self.file.fileno()).st_size
            super().write(more.decode("utf-8", errors="replace"))

    def flush(self) -> None:
        """Send what was printed so far."""
        self.take()
        super().flush()

    def write(self, string: str) -> int:
        """Print a text; half a character (a lone surrogate, as in undecodable file names) is spelt
        out."""
        self.take()
        string = string.encode("utf-8", errors="backslashreplace").decode()
        Stream.written += len(string)
        if Stream.written > limits.LARGEST_COPY:
            raise PrintedTooMuch(
                f"more than {limits.LARGEST_COPY / 1e6:.0f} MB in this notebook: print less"
            )
        return super().write(string) or 0


class Kernel(InProcessKernel):
    """Sends what cells print and show at once: the thread that would do so for a kernel with
    sockets is never started."""

    _execute_sleep = 0  # seconds that a kernel with sockets gives them after each cell

    async def do_execute(self, *given: Any, **named: Any) -> dict[str, Any]:
        """Execute a cell, and print what the processes that it started have printed."""
        self.shell_channel_thread = SimpleNamespace(parent_thread=None)  # asked where a cell awaits
        try:
            reply = await super().do_execute(*given, **named)
        finally:
            self.shell_channel_thread = None
        for printed in (self.stdout, self.stderr):
            printed.take()
        return reply

    @default("stdout")
    def _default_stdout(self) -> Stream:
        return Stream(self.session, self.iopub_thread, "stdout", watchfd=False)

    @default("stderr")
    def _default_stderr(self) -> Stream:
        return Stream(self.session, self.iopub_thread, "stderr", watchfd=False)

    @default("iopub_thread")
    def _default_iopub_thread(self) -> IOPubThread:
        return IOPubThread(self._underlying_iopub_socket, session=self.session)


class Manager(InProcessKernelManager):
    """Nbclient's `kernel_manager_class`, for a process that was forked for one notebook and ends
    with it."""

    imports = True

    def start_kernel(self, **_: Any) -> None:
        """Make this process a kernel: streams and import path as ipykernel's own start sets them,
        `helpers` not yet imported."""
        if self.imports:
            warm.forget()
        sys.argv = [""]
        sys.path.insert(0, "")
        self.config.HistoryManager.hist_file = ":memory:"
        kernel: Any = Kernel(parent=self, session=self.session)
        self.kernel = kernel
        sys.stdout, sys.stderr = kernel.stdout, kernel.stderr
        for number, printed in enumerate((sys.stdout, sys.stderr), start=1):
            printed.catch(number)
        if not project.drawing():
            # A claim's record is no formatter's.
            kernel.shell.display_formatter.formatters = {}

    def client(self, **_: Any) -> Any:
        """Return a client of the kernel in this process."""
        return Client(parent=self, session=self.session, kernel=self.kernel)

    def shutdown_kernel(self, now: bool = False) -> None:
        """Forget the kernel: its process ends with the notebook."""
        self.kernel = None

    def cleanup_resources(self, restart: bool = False) -> None:
        """Nothing to do: there are no sockets and no connection file."""


class Sharing(Manager):
    """A manager whose kernel uses the modules of this package that the process before the fork has
    imported: read-only, as all imports."""

    imports = False
