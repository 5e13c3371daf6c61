using System.Buffers;
using System.Text;

namespace FunctionsAuth.Pages;

/// <summary>Writes text as UTF-8 into a growing buffer, which is sent afterwards. So a page never exists as one string.</summary>
internal sealed class Utf8Writer(IBufferWriter<byte> output) : TextWriter
{
    private readonly Encoder encoder = Encoding.UTF8.GetEncoder();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (buffer.Length > 0)
        {
            // The halves of a surrogate pair can arrive in two calls. The encoder keeps the first half.
            var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(Math.Min(buffer.Length, 1024)));
            encoder.Convert(buffer, span, flush: false, out var read, out var written, out _);
            output.Advance(written);
            buffer = buffer[read..];
        }
    }
}
