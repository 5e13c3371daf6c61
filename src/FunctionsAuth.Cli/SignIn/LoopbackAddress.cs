using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FunctionsAuth.Cli.SignIn;

/// <summary>A redirect URI on this machine that accepts one authorization response: RFC 8252 §7.3.</summary>
internal sealed class LoopbackAddress : IDisposable
{
    private const int LongestHead = 16 * 1024;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public LoopbackAddress() => listener.Start();

    public string RedirectUri => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/callback";

    /// <summary>Waits for the browser.</summary>
    /// <param name="isExpected">Whether the parameters are those of the expected response. Other requests get no answer from it.</param>
    /// <returns>The parameters of the response.</returns>
    public async Task<IReadOnlyDictionary<string, string>> WaitAsync(Func<IReadOnlyDictionary<string, string>, bool> isExpected, CancellationToken stopping)
    {
        while (true)
        {
            using var connection = await listener.AcceptTcpClientAsync(stopping);
            try
            {
                await using var stream = connection.GetStream();
                var parameters = ParametersOf(await ReadTargetAsync(stream, stopping));
                var found = parameters is not null && isExpected(parameters);
                await AnswerAsync(stream, found, parameters?.ContainsKey("error") == true, stopping);
                if (found)
                    return parameters!;
            }
            catch (IOException)
            {
                // A browser opens connections that it does not use.
            }
        }
    }

    /// <returns>The target of the request line; null if the line is malformed.</returns>
    private static async Task<string?> ReadTargetAsync(NetworkStream stream, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        var buffer = new byte[LongestHead];
        var length = 0;
        try
        {
            while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), patience.Token);
                if (read == 0)
                    break;
                length += read;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
        return Encoding.ASCII.GetString(buffer, 0, length).Split('\n')[0].Split(' ') is ["GET", var target, _] ? target : null;
    }

    private static Dictionary<string, string>? ParametersOf(string? target)
    {
        if (target is null || !target.StartsWith("/callback?", StringComparison.Ordinal))
            return null;
        Dictionary<string, string> parameters = [];
        foreach (var pair in target["/callback?".Length..].Split('&'))
        {
            var parts = pair.Split('=', 2);
            // RFC 6749 §3.1: no parameter may occur twice.
            if (!parameters.TryAdd(Uri.UnescapeDataString(parts[0].Replace('+', ' ')), parts.Length < 2 ? "" : Uri.UnescapeDataString(parts[1].Replace('+', ' '))))
                return null;
        }
        return parameters;
    }

    private static async Task AnswerAsync(NetworkStream stream, bool found, bool failed, CancellationToken stopping)
    {
        var text = !found ? "There is nothing here." : failed ? "The sign-in was refused. The command line says why." : "You are signed in. You can close this page and go back to the command line.";
        var page = $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>functionsauth</title><p>{text}</p></html>";
        var head = $"HTTP/1.1 {(found ? "200 OK" : "404 Not Found")}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(page)}\r\n"
            + "Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + page), stopping);
    }

    public void Dispose() => listener.Dispose();
}
