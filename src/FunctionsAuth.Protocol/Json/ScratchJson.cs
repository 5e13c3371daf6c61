using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FunctionsAuth.Protocol.Json;

/// <summary>A JSON writer for each thread, which is used many times. So an answer or a token needs memory only for its own bytes.</summary>
internal sealed class ScratchJson
{
    private const int UsualLength = 4096;

    /// <summary>A buffer that is larger than this is not kept.</summary>
    private const int MostKept = 64 * 1024;

    // The text is never part of HTML, so characters such as the plus sign in at+jwt need no escape.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ScratchJson? idle;

    private readonly ArrayBufferWriter<byte> buffer = new(UsualLength);
    private readonly Utf8JsonWriter writer;

    private ScratchJson() => writer = new Utf8JsonWriter(buffer, Plain);

    /// <param name="write">Writes one JSON value.</param>
    /// <param name="read">Copies the bytes that it needs, because the buffer is used again afterwards.</param>
    public static TResult Use<TResult>(Action<Utf8JsonWriter> write, ReadOnlySpanReader<TResult> read)
    {
        // The writer is taken away while it is used, so that a nested call gets another one.
        var scratch = idle ?? new ScratchJson();
        idle = null;
        write(scratch.writer);
        scratch.writer.Flush();
        var result = read(scratch.buffer.WrittenSpan);
        if (scratch.buffer.Capacity <= MostKept)
        {
            scratch.buffer.ResetWrittenCount();
            scratch.writer.Reset(scratch.buffer);
            idle = scratch;
        }
        return result;
    }
}

internal delegate TResult ReadOnlySpanReader<out TResult>(ReadOnlySpan<byte> bytes);
