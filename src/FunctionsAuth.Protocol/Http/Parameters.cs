using System.Collections.Frozen;
using System.Net;
using System.Text;
using FunctionsAuth.Protocol.Errors;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>
/// The parameters of a request, as RFC 6749 §3.1 and §3.2 want them: form-encoded UTF-8, none repeated but
/// <c>resource</c> (RFC 8707 §2), and one without a value is as good as absent.
/// </summary>
public sealed class Parameters
{
    /// <summary>More than this is refused with 413, bytes. An authorization request must fit into one property of a row: 32,767 characters.</summary>
    public const int MaxLength = 32_000;

    private const int MaxCount = 200;
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly FrozenSet<string> Repeatable = FrozenSet.Create(Parameter.Resource);

    private readonly Dictionary<string, List<string>> values;

    private Parameters(Dictionary<string, List<string>> values, string encoded)
    {
        this.values = values;
        Encoded = encoded;
    }

    /// <summary>As they came, form-encoded: what is stored while a person signs in.</summary>
    public string Encoded { get; }

    /// <summary>The same for a URL: only what was understood, with everything else escaped.</summary>
    public string ToQuery() =>
        string.Join('&', values.SelectMany(pair => pair.Value.Select(value => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value)}")));

    /// <summary>Each value with its name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToList() => [.. values.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)))];

    /// <summary>The value, or null when it is absent or empty. A repeated parameter has none.</summary>
    public string? this[string name] => values.TryGetValue(name, out var all) && all.Count == 1 ? all[0] : null;

    public IReadOnlyList<string> All(string name) => values.TryGetValue(name, out var all) ? all : [];

    /// <summary>Whether any parameter stands there more than once that may not.</summary>
    private bool HasRepeated
    {
        get
        {
            foreach (var (name, all) in values)
            {
                if (all.Count > 1 && !Repeatable.Contains(name))
                    return true;
            }
            return false;
        }
    }

    /// <summary>These parameters, if none is repeated that may not be.</summary>
    /// <exception cref="OAuthException"><c>invalid_request</c>: one is.</exception>
    public Parameters RefuseRepeated() => HasRepeated ? throw OAuthError.InvalidRequest("A parameter occurs more than once") : this;

    /// <summary>The same without some parameters.</summary>
    public Parameters Without(params IEnumerable<string> names) =>
        Of(values.Where(pair => !names.Contains(pair.Key)).SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value))));

    /// <summary>The same with one more, or with another value of one.</summary>
    public Parameters With(string name, string value) =>
        Of(Without(name).values.SelectMany(pair => pair.Value.Select(other => KeyValuePair.Create(pair.Key, other))).Append(new(name, value)));

    /// <exception cref="OAuthException">Form-encoded, they are more than <see cref="MaxLength"/>.</exception>
    public static Parameters Of(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var encoded = new StringBuilder();
        foreach (var (name, value) in parameters)
        {
            AppendEncoded(encoded.Append(encoded.Length == 0 ? "" : "&"), name);
            AppendEncoded(encoded.Append('='), value);
        }
        return encoded.Length <= MaxLength ? Parse(encoded.ToString()) : throw TooLarge();
    }

    /// <exception cref="OAuthException">It is not form-encoded UTF-8, or has too many parameters.</exception>
    public static Parameters Parse(string encoded)
    {
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var count = 0;
        foreach (var range in encoded.AsSpan().Split('&'))
        {
            var pair = encoded.AsSpan()[range];
            if (pair.IsEmpty)
                continue;
            if (++count > MaxCount)
                throw OAuthError.InvalidRequest("The request has too many parameters");
            var equals = pair.IndexOf('=');
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            if (value.Length == 0)
                continue;
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            if (!values.TryGetValue(name, out var all))
                values.Add(name, all = []);
            all.Add(value);
        }
        return new Parameters(values, encoded);
    }

    /// <summary>The parameters of the query string.</summary>
    public static Parameters FromQuery(HttpRequest request)
    {
        var query = request.QueryString.Value ?? "";
        return query.Length <= MaxLength ? Parse(query.StartsWith('?') ? query[1..] : query) : throw TooLarge();
    }

    /// <summary>The parameters of a form-encoded body: 415 for another media type, 413 beyond <see cref="MaxLength"/>.</summary>
    public static async Task<Parameters> FromBodyAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxLength)
            throw TooLarge();
        if (!AreInBody(request))
        {
            throw new OAuthException("invalid_request", "The body must be application/x-www-form-urlencoded", StatusCodes.Status415UnsupportedMediaType);
        }
        // One byte more than allowed shows that there is too much, whatever Content-Length says.
        var buffer = new byte[(request.ContentLength ?? MaxLength) + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > MaxLength)
            throw TooLarge();
        return Parse(Encoding.Latin1.GetString(buffer, 0, length));
    }

    /// <summary>The body is form-encoded. A multipart form is none that OAuth knows.</summary>
    public static bool AreInBody(HttpRequest request) =>
        // Most clients send it without parameters, and then nothing has to be parsed.
        FormType.Equals(request.ContentType, StringComparison.OrdinalIgnoreCase)
        || (request.HasFormContentType && request.ContentType!.StartsWith(FormType, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// As few bytes as can be, so that what was short enough when it came is short enough to be stored: only what has a meaning in this
    /// encoding is escaped. The rest of the UTF-8 stands byte by byte, one character each, as a body is read.
    /// </summary>
    private static void AppendEncoded(StringBuilder encoded, string text)
    {
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            if (one == ' ')
                encoded.Append('+');
            else if (one < ' ' || (char)one is '%' or '&' or '+' or '=')
                encoded.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            else
                encoded.Append((char)one);
        }
    }

    private static OAuthException TooLarge() =>
        new("invalid_request", "The request is too large", StatusCodes.Status413PayloadTooLarge);

    /// <summary>Bytes that are no UTF-8 are refused: replaced by a question mark they would be another value.</summary>
    private static string Decode(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
            throw NotEncoded();
        if (!text.ContainsAny('%', '+') && System.Text.Ascii.IsValid(text))
            return text.ToString();
        try
        {
            var bytes = Encoding.Latin1.GetBytes(text.ToString());
            var decoded = StrictUtf8.GetString(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length));
            return decoded.Contains('\0', StringComparison.Ordinal) ? throw NotEncoded() : decoded;
        }
        catch (DecoderFallbackException)
        {
            throw NotEncoded();
        }
    }

    private static OAuthException NotEncoded() => OAuthError.InvalidRequest("The parameters must be form-encoded UTF-8");
}
