"""
Runs a command in a network of its own, and writes what TCP carries over that network's loopback to standard output: one line a segment, its ports and its
bytes in hexadecimal. What the command prints goes to standard error. Linux, root.
"""
import ctypes
import fcntl
import select
import socket
import struct
import subprocess
import sys

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
SO_RCVBUFFORCE = 33
ETH_P_IP, ETHERNET, TCP, OUTGOING = 0x0800, 14, 6, 4

if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
    sys.exit("no network of its own: error %d" % ctypes.get_errno())
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    name = b"lo".ljust(16, b"\0")
    flags = struct.unpack("16sh", fcntl.ioctl(control, SIOCGIFFLAGS, name + b"\0\0")[:18])[1]
    fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", name, flags | IFF_UP))

heard = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
heard.bind(("lo", 0))
heard.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 * 1024 * 1024)
command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=sys.stderr)

while True:
    ready, _, _ = select.select([heard], [], [], 0.1)
    if not ready:
        if command.poll() is not None:
            sys.exit(command.returncode)
        continue
    frame, (_, _, kind, _, _) = heard.recvfrom(1 << 17)
    packet = frame[ETHERNET:]
    # Loopback shows each packet going out and coming in.
    if kind == OUTGOING or packet[9] != TCP:
        continue
    segment = packet[(packet[0] & 15) * 4 : struct.unpack("!H", packet[2:4])[0]]
    payload = segment[(segment[12] >> 4) * 4 :]
    if payload:
        print(*struct.unpack("!HH", segment[:4]), payload.hex())
