"""Kernels: a provisioner that forks each Jupyter kernel from a warmed parent, for papermill, nbval
and JupyterLab.

The parent is a process of its own, `python -m helpers.running.kernels`, started with the first
kernel. It runs no thread and holds one socket, whose other end is its user: when that closes, the
parent ends its kernels and itself. There is no socket file.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from . import warm

LARGEST = 1 << 20
REAP_EVERY = 1.0


class WarmError(Exception):
    """A warm parent that does not answer, or could not fork."""


class Parent:
    """The user's side of a warmed process: asks it for kernels, and how they ended."""

    def __init__(self) -> None:
        """Start the process and wait until it is warm; raises WarmError where it ends before."""
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "helpers.running.kernels", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._hear()

    def ask(self, fds: tuple[int, ...] = (), **request: Any) -> Any:
        """Send a request with file descriptors; return the answer.

        Raises WarmError with the parent's reason.
        """
        with self._lock:
            try:
                socket.send_fds(self._socket, [json.dumps(request).encode()], fds)
            except OSError as error:
                raise WarmError(str(error)) from error
            return self._hear()

    def _hear(self) -> Any:
        try:
            heard = self._socket.recv(LARGEST)
        except OSError as error:
            raise WarmError(str(error)) from error
        if not heard:
            raise WarmError(f"the warm parent ended with status {self.process.wait(10)}")
        answer = json.loads(heard)
        if "error" in answer:
            raise WarmError(answer["error"])
        return answer["answer"]

    def close(self) -> None:
        """End the parent and every kernel it still has."""
        self._socket.close()
        self.process.wait(10)


class Forked:
    """A kernel process as subprocess.Popen would give it; its parent is not ours, so the warm one
    is asked."""

    stdin = stdout = stderr = None

    def __init__(self, parent: Parent, pid: int) -> None:
        """Note the process and whom to ask about it."""
        self.parent, self.pid = parent, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, None while the kernel runs."""
        if self.returncode is None:
            try:
                self.returncode = self.parent.ask(do="status", pid=self.pid)
            except WarmError:
                self.returncode = -signal.SIGKILL  # a kernel does not outlive its parent
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit status of a kernel that has ended."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel, unless it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Forks the kernel from the process's warm parent; the stock kernel takes over, with one line,
    where that fails."""

    _parent: Parent | None = None
    _reason = ""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel of a connection file that `pre_launch` has written."""
        piped = any(
            isinstance(kwargs.get(name), int) and kwargs[name] < 0 for name in ("stdout", "stderr")
        )
        if warm.possible() and not piped and not WarmProvisioner._reason:
            try:
                return await asyncio.to_thread(self._fork, cmd, kwargs)
            except (WarmError, OSError) as error:
                WarmProvisioner._reason = str(error)
                print(f"No warm kernels ({error}): cold ones take over.", file=sys.stderr)
        return await super().launch_kernel(cmd, **kwargs)

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> KernelConnectionInfo:
        cls = WarmProvisioner
        if cls._parent is None or cls._parent.process.poll() is not None:
            cls._parent = Parent()
        streams = [
            _number(kwargs.get(name), default) for name, default in (("stdout", 1), ("stderr", 2))
        ]
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        place = {
            "env": dict(kwargs.get("env") or os.environ),
            "cwd": str(kwargs.get("cwd") or os.getcwd()),
        }
        pid = cls._parent.ask(tuple(streams), do="fork", argv=arguments, **place)
        forked: Any = Forked(cls._parent, pid)  # has what is asked of a process
        self.process = forked
        self.pid, self.pgid, self.cwd = pid, pid, kwargs.get("cwd")
        return self.connection_info


def _number(stream: Any, default: int) -> int:
    return default if stream is None else stream if isinstance(stream, int) else stream.fileno()


def serve(user: socket.socket) -> None:
    """Fork kernels for a user until it closes its end, then end them all."""
    try:
        warm.up()
    except (ImportError, RuntimeError) as error:
        user.send(json.dumps({"error": str(error)}).encode())
        return
    user.settimeout(REAP_EVERY)
    ended: dict[int, int | None] = {}
    _answer(user, None)
    while True:
        try:
            heard, fds, _, _ = socket.recv_fds(user, LARGEST, 2)
        except TimeoutError:
            heard, fds = None, []
        for pid in [pid for pid, status in ended.items() if status is None]:
            found, code = os.waitpid(pid, os.WNOHANG)
            ended[pid] = os.waitstatus_to_exitcode(code) if found else None
        if heard == b"":
            break
        if heard:
            request = json.loads(heard)
            if request["do"] == "fork":
                ended[_fork(user, fds, request)] = None
            else:
                status = ended[request["pid"]]
                if status is not None:
                    del ended[request["pid"]]
                _answer(user, status)
    for pid in [pid for pid, status in ended.items() if status is None]:
        os.killpg(pid, signal.SIGKILL)


def _answer(user: socket.socket, answer: Any) -> None:
    user.send(json.dumps({"answer": answer}).encode())


def _fork(user: socket.socket, fds: list[int], request: dict[str, Any]) -> int:
    """Fork a kernel, tell its process number, and return it; in the child, become the kernel and
    never return."""
    parent, pid = os.getpid(), os.fork()
    if pid:
        for number in fds:
            os.close(number)
        _answer(user, pid)
        return pid
    status = 1
    try:
        user.close()
        for number, stream in zip(fds, (1, 2), strict=True):
            os.dup2(number, stream)
            os.close(number)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        warm.reborn()
        warm.forget()
        _kernel([*request["argv"], f"--IPKernelApp.parent_handle={parent}"])
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _kernel(arguments: list[str]) -> None:
    """Run ipykernel's own application, as `python -m ipykernel_launcher` does."""
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", *arguments]
    sys.path.insert(0, "")
    application = IPKernelApp.instance()
    application.initialize(arguments)
    application.start()


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as user_:
        serve(user_)
