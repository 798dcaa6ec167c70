"""Stands between a command and an AWS: sees each request and each connection, and may lose or alter an answer."""

import http.client
import http.server
import json
import threading


class Proxy:
    """`answer(request, status, body)` gives the body to pass on, (status, body), or None to close the connection and
    pass nothing on. The AWS has carried the request out by then."""

    def __init__(self, aws, answer=None):
        self.answer = answer or (lambda request, status, body: body)
        self.connections = 0
        self.requests = []  # each as (operation, body as JSON)
        self._lock = threading.Lock()
        proxy, host = self, aws.url.removeprefix("http://")

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                self.upstream = http.client.HTTPConnection(host)
                with proxy._lock:
                    proxy.connections += 1

            def finish(self):
                self.upstream.close()
                super().finish()

            def do_GET(self):
                proxy._pass_on(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # a client that was killed

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def bodies(self, operation):
        return [body for name, body in self.requests if name == operation]

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _pass_on(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        operation = handler.headers.get("X-Amz-Target", handler.path).rpartition(".")[2]
        request = (operation, json.loads(body) if body.startswith(b"{") else {})
        handler.upstream.request(handler.command, handler.path, body, dict(handler.headers))
        reply = handler.upstream.getresponse()
        content = reply.read()
        with self._lock:
            self.requests.append(request)
            answer = self.answer(request, reply.status, content)
        if answer is None:
            handler.close_connection = True
            return
        status, content = answer if isinstance(answer, tuple) else (reply.status, answer)
        handler.send_response_only(status)
        for name, value in reply.getheaders():
            if name.lower() not in ("content-length", "connection"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
