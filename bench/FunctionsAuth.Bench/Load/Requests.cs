using System.Text;

namespace FunctionsAuth.Bench.Load;

/// <summary>Requests as bytes.</summary>
internal static class Requests
{
    public static byte[] Get(string pathAndQuery, params string[] headers) => Bytes("GET", pathAndQuery, headers, "");

    public static byte[] Post(string path, string form, params string[] headers) =>
        Bytes("POST", path, [.. headers, "Content-Type: application/x-www-form-urlencoded", $"Content-Length: {form.Length}"], form);

    public static string Basic(string clientId, string secret) =>
        $"Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{clientId}:{secret}"))}";

    private static byte[] Bytes(string method, string target, string[] headers, string body)
    {
        var text = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        if (!headers.Any(header => header.StartsWith("Host: ", StringComparison.Ordinal)))
            text.Append("Host: localhost\r\n");
        foreach (var header in headers)
            text.Append(header).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.Append("\r\n").Append(body).ToString());
    }
}
