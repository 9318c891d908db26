"""Runs a program so that it ends when the supervisor does, however that ends.

Arguments: the supervisor's pid, then the program and its arguments.
Linux: the kernel sends SIGTERM when the parent dies (PR_SET_PDEATHSIG survives exec), so nothing of Python remains.
Elsewhere: Python stays as the parent, ends the program when standard input closes, and passes SIGTERM on.
"""
import os
import signal
import sys


def replace(parent, program):
    import ctypes

    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the supervisor is gone")
    os.execv(program[0], program)


def watch(program):
    import subprocess
    import threading

    child = subprocess.Popen(program, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())

    def end_with_input():
        while os.read(0, 4096):  # not sys.stdin: a thread inside it would abort Python at its end
            pass
        child.terminate()

    threading.Thread(target=end_with_input, daemon=True).start()
    code = child.wait()
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


os.umask(0o077)
if sys.platform == "linux":
    replace(int(sys.argv[1]), sys.argv[2:])
else:
    watch(sys.argv[2:])
