"""Copies a folder to a prefix or back with the bare AWS CRT: crt_client.py URL CA BUCKET GBIT/S up|down A B"""
import os
import sys
import threading
import urllib.parse
import xml.etree.ElementTree

from awscrt import auth, http, io, s3

url, ca, bucket, gbps, way, source, target = sys.argv[1:]
host = urllib.parse.urlsplit(url)
bootstrap = io.ClientBootstrap(io.EventLoopGroup(), io.DefaultHostResolver(io.EventLoopGroup()))
options = io.TlsContextOptions()
options.override_default_trust_store_from_path(None, ca)
tls = io.ClientTlsContext(options).new_connection_options()
tls.set_server_name(host.hostname)
credentials = auth.AwsCredentialsProvider.new_default_chain(bootstrap)
signing = s3.create_default_s3_signing_config(region="us-east-1", credential_provider=credentials)
client = s3.S3Client(bootstrap=bootstrap, region="us-east-1", tls_connection_options=tls,
                     tls_mode=s3.S3RequestTlsMode.ENABLED, signing_config=signing, throughput_target_gbps=float(gbps))
slots = threading.BoundedSemaphore(64)
failures, running = [], []


def start(kind, method, key, path, size=None):
    slots.acquire()
    headers = http.HttpHeaders([("host", host.netloc)])
    if size is not None:
        headers.add("content-length", str(size))
    request = http.HttpRequest(method, f"/{bucket}/" + urllib.parse.quote(key), headers)

    def done(error=None, **_):
        if error:
            failures.append((key, error))
        slots.release()

    where = {"send_filepath": path} if method == "PUT" else {"recv_filepath": path}
    running.append(client.make_request(type=kind, request=request, on_done=done, **where))


def keys(prefix):
    token = None
    while True:
        query = {"list-type": "2", "prefix": prefix, "encoding-type": "url"} | ({"continuation-token": token} if token else {})
        body = bytearray()
        request = http.HttpRequest("GET", f"/{bucket}?" + urllib.parse.urlencode(query),
                                   http.HttpHeaders([("host", host.netloc)]))
        client.make_request(type=s3.S3RequestType.DEFAULT, request=request, operation_name="ListObjectsV2",
                            on_body=lambda chunk, **_: body.extend(chunk)).finished_future.result()
        space = {"s": "http://s3.amazonaws.com/doc/2006-03-01/"}
        page = xml.etree.ElementTree.fromstring(bytes(body))
        for entry in page.iterfind("s:Contents/s:Key", space):
            yield urllib.parse.unquote_plus(entry.text)
        token = page.findtext("s:NextContinuationToken", None, space)
        if not token:
            return


if way == "up":
    for base, _, names in os.walk(source):
        for name in names:
            path = os.path.join(base, name)
            start(s3.S3RequestType.PUT_OBJECT, "PUT", f"{target}/{os.path.relpath(path, source)}", path,
                  os.path.getsize(path))
else:
    for key in keys(source + "/"):
        path = os.path.join(target, key[len(source) + 1:])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        start(s3.S3RequestType.GET_OBJECT, "GET", key, path)
for request in running:
    request.finished_future.result()
if failures:
    sys.exit(f"{len(failures)} failed: {failures[0]}")
