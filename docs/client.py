"""Follows a Sensorcast server with nothing but Python's standard library: python3 client.py ws://host:1880/ws?envelope=1

Prints one reading a line. After a break it comes back and goes on behind the last reading, by `since`.
"""
import base64, json, os, socket, struct, sys, time
from urllib.parse import urlsplit


def messages(url):
    """Yields the text messages of one connection. RFC 6455: a server sends no masked and no fragmented frames here."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=90) as connection:
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall((f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: Upgrade\r\n"
                            f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
        stream = connection.makefile("rb")
        status = stream.readline().decode().strip()
        length = 0
        while (line := stream.readline().strip()) != b"":
            if line.lower().startswith(b"content-length:"): length = int(line.split(b":")[1])
        if " 101 " not in status: sys.exit(f"{status}: {stream.read(length).decode()}")
        while len(head := stream.read(2)) == 2:
            opcode, size = head[0] & 15, head[1]
            if size > 125: size = struct.unpack("!H" if size == 126 else "!Q", stream.read(2 if size == 126 else 8))[0]
            data = stream.read(size)
            if opcode == 1: yield data.decode()
            if opcode == 8: return print("closed:", struct.unpack("!H", data[:2])[0], data[2:].decode(), file=sys.stderr)
            if opcode == 9: connection.sendall(bytes([0x8A, 0x80 | size]) + bytes(4) + data)  # pong, masked with zeros


url, since = sys.argv[1], ""
while True:
    try:
        for message in messages(url + since):
            print(message, flush=True)
            if url.endswith("envelope=1") and "seq" in (reading := json.loads(message)): since = f"&since={reading['seq']}"
    except OSError as error:
        print("not connected:", error, file=sys.stderr)
    time.sleep(1)
