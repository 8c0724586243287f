"""Listens to pre-orders in another language than Jari's own, through its contracts alone.

It has a durable queue of its own, so what happens while it is away waits for it. The message types are made from the same
protos as everybody's: gen/descriptors.binpb, which `npm ci` writes.
"""
import argparse
import json
import signal
import sys

import pika
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

QUEUE = "python-listener"


def types_from(path):
    """Every message type of Jari, by its full name."""
    with open(path, "rb") as file:
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read()).file
    pool = descriptor_pool.DescriptorPool()
    for each in files:  # what a file imports stands before it
        pool.Add(each)
    return lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def attribute(properties, name):
    """A CloudEvents attribute, as the binary mode carries it."""
    return (properties.headers or {}).get(f"cloudEvents:{name}", "")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--broker", required=True, help="npm run -s stack -- broker python-listener")
    options.add_argument("--descriptors", default="gen/descriptors.binpb")
    options.add_argument("--routing-key", default="order.preorder.#")
    given = options.parse_args()
    type_named = types_from(given.descriptors)

    channel = pika.BlockingConnection(pika.URLParameters(given.broker)).channel()
    channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(QUEUE, "jari.events", given.routing_key)
    channel.basic_qos(prefetch_count=50)
    seen = set()  # messages may come twice; who stores something keeps their ids beside it

    def hear(channel, delivery, properties, body):
        message_id = attribute(properties, "id")
        if message_id not in seen:
            seen.add(message_id)
            event = type_named(attribute(properties, "type")).FromString(body)
            said = json_format.MessageToDict(event)
            print(json.dumps({"id": message_id, "type": attribute(properties, "type"), **said}, ensure_ascii=False), flush=True)
        channel.basic_ack(delivery.delivery_tag)

    channel.basic_consume(QUEUE, hear)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("listening", flush=True)
    try:
        channel.start_consuming()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
