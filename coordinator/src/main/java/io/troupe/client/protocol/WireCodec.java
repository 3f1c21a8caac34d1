package io.troupe.client.protocol;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.troupe.request.Stat;
import java.io.IOException;
import java.util.List;

/**
 * Calls and deliveries as CBOR, one behind the other. Independent of how the actor systems at the two ends have configured Jackson.
 * Thread-safe.
 */
public final class WireCodec {
    private static final CBORMapper MAPPER = CBORMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .addMixIn(Stat.class, InOrder.class)
            .build();
    private static final ObjectWriter CALL = MAPPER.writerFor(Call.class);
    private static final ObjectWriter DELIVERY = MAPPER.writerFor(Delivery.class);
    private static final ObjectReader CALLS = MAPPER.readerFor(Call.class);
    private static final ObjectReader DELIVERIES = MAPPER.readerFor(Delivery.class);

    /** Its eleven numbers are ZooKeeper's, and their names would be most of the bytes. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private interface InOrder {}

    private WireCodec() {}

    public static byte[] encode(Call call) {
        return write(CALL, call);
    }

    public static byte[] encode(Delivery delivery) {
        return write(DELIVERY, delivery);
    }

    private static byte[] write(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be sent: " + value, e);
        }
    }

    /**
     * The calls in these bytes.
     *
     * @throws IOException when it is anything else
     */
    public static List<Call> calls(byte[] bytes) throws IOException {
        try (MappingIterator<Call> values = CALLS.readValues(bytes)) {
            return values.readAll();
        }
    }

    /**
     * The deliveries in these bytes.
     *
     * @throws IOException when it is anything else
     */
    public static List<Delivery> deliveries(byte[] bytes) throws IOException {
        try (MappingIterator<Delivery> values = DELIVERIES.readValues(bytes)) {
            return values.readAll();
        }
    }
}
