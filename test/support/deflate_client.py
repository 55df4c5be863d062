"""Receives messages with Python's `websockets` until the server closes, and prints what became of them as JSON."""
import asyncio, hashlib, json, sys
import websockets


async def main():
    digest, count = hashlib.sha256(), 0
    async with websockets.connect(sys.argv[1], max_queue=None) as socket:
        print(json.dumps([str(extension) for extension in socket.extensions]), flush=True)
        try:
            while True:
                message = await socket.recv()
                data = message.encode() if isinstance(message, str) else message
                digest.update(len(data).to_bytes(4, "big") + data)
                count += 1
                if count == 10:
                    await socket.send("keepalive " * 50)
        except websockets.ConnectionClosed as closed:
            print(json.dumps({"count": count, "digest": digest.hexdigest(), "code": closed.rcvd and closed.rcvd.code}))


asyncio.run(main())
