using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FunctionsAuth.Protocol.Json;

/// <summary>
/// A JSON writer that is used again and again, one of each thread: so an answer or a token takes its own bytes of memory and
/// no more.
/// </summary>
internal sealed class ScratchJson
{
    private const int UsualLength = 4096;

    /// <summary>What once was larger than this is not kept.</summary>
    private const int MostKept = 64 * 1024;

    // None of it ever stands in HTML: at+jwt stays readable.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ScratchJson? idle;

    private readonly ArrayBufferWriter<byte> buffer = new(UsualLength);
    private readonly Utf8JsonWriter writer;

    private ScratchJson() => writer = new Utf8JsonWriter(buffer, Plain);

    /// <param name="write">Writes one JSON value.</param>
    /// <param name="read">Takes what it needs of the bytes, which are gone afterwards.</param>
    public static TResult Use<TResult>(Action<Utf8JsonWriter> write, ReadOnlySpanReader<TResult> read)
    {
        // Taken away while it is used: whoever writes another one meanwhile gets another one.
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
