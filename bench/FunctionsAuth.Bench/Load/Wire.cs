using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FunctionsAuth.Bench.Load;

/// <summary>
/// One kept connection that speaks just enough HTTP/1.1 to measure a server: a request is bytes that are ready to send, and of an
/// answer only what is asked for is read. So the load takes little of the processor that the server needs.
/// </summary>
internal sealed class Wire : IDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[32 * 1024];
    private int filled;

    public static async Task<Wire> ConnectAsync(int port)
    {
        var wire = new Wire();
        await wire.socket.ConnectAsync(IPAddress.Loopback, port);
        return wire;
    }

    /// <summary>Sends one request and waits for its whole answer, which is good until the next request.</summary>
    public async ValueTask<Reply> SendAsync(ReadOnlyMemory<byte> request)
    {
        filled = 0;
        for (var sent = 0; sent < request.Length;)
            sent += await socket.SendAsync(request[sent..]);
        int head;
        while ((head = buffer.AsSpan(0, filled).IndexOf(EndOfHead)) < 0)
            await ReceiveAsync();
        var body = head + EndOfHead.Length;
        var reply = new Reply(buffer, head, body, body);
        if (reply.IsChunked)
        {
            while (!buffer.AsSpan(body, filled - body).EndsWith("0\r\n\r\n"u8))
                await ReceiveAsync();
        }
        else
        {
            while (filled < body + reply.ContentLength)
                await ReceiveAsync();
        }
        return new Reply(buffer, head, body, filled);
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask ReceiveAsync()
    {
        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var received = await socket.ReceiveAsync(buffer.AsMemory(filled));
        if (received == 0)
            throw new BenchException("The server closed the connection.");
        filled += received;
    }
}

/// <summary>An answer, as it came.</summary>
internal readonly struct Reply(byte[] buffer, int head, int body, int end)
{
    // "HTTP/1.1 200 OK"
    public int Status => ((buffer[9] - '0') * 100) + ((buffer[10] - '0') * 10) + (buffer[11] - '0');

    public int ContentLength => int.TryParse(Header("content-length: "), out var length) ? length : 0;

    public bool IsChunked => Header("transfer-encoding: ") == "chunked";

    public string Body => Encoding.UTF8.GetString(buffer, body, end - body);

    /// <summary>A member of the JSON in the body that is a text without escapes.</summary>
    public string Member(string name)
    {
        var text = Encoding.UTF8.GetString(buffer, body, end - body);
        // Some servers put a space behind the colon.
        return Between(text, text.Contains($"\"{name}\": \"", StringComparison.Ordinal) ? $"\"{name}\": \"" : $"\"{name}\":\"", '"');
    }

    /// <summary>A parameter in the address to which the answer sends the browser.</summary>
    public string InLocation(string name) => Between((Header("location: ") ?? "") + "&", name + "=", '&');

    /// <summary>Where the answer sends the browser.</summary>
    public string Location => Header("location: ") ?? "";

    /// <summary>The cookies that the answer sets, as the browser sends them back.</summary>
    public string Cookies => string.Join("; ", Encoding.ASCII.GetString(buffer, 0, head).Split("\r\n")
        .Where(line => line.StartsWith("Set-Cookie: ", StringComparison.OrdinalIgnoreCase)).Select(line => line["Set-Cookie: ".Length..].Split(';')[0]));

    /// <summary>What stands in the body between two texts.</summary>
    public string Text(string before, char after) => Between(Body, before, after);

    /// <exception cref="BenchException">It has another status: a server that only says no is fast.</exception>
    public Reply Expect(int status) => Status == status
        ? this
        : throw new BenchException($"The answer is {Status} where {status} was expected: {Encoding.UTF8.GetString(buffer, 0, end)}");

    /// <exception cref="BenchException">It is no redirect.</exception>
    public Reply ExpectRedirect() => Status is 302 or 303 ? this : Expect(303);

    private string? Header(string nameAndColon)
    {
        var text = Encoding.ASCII.GetString(buffer, 0, head);
        var at = text.IndexOf("\r\n" + nameAndColon, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var start = at + 2 + nameAndColon.Length;
        var stop = text.IndexOf('\r', start);
        return stop < 0 ? text[start..] : text[start..stop];
    }

    private string Between(string text, string before, char after)
    {
        var at = text.IndexOf(before, StringComparison.Ordinal);
        if (at < 0)
            throw new BenchException($"The answer has no {before} : {Encoding.UTF8.GetString(buffer, 0, end)}");
        var start = at + before.Length;
        return text[start..text.IndexOf(after, start)];
    }
}

internal sealed class BenchException(string message) : Exception(message);
