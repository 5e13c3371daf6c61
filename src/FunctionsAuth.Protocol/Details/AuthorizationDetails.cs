using System.Buffers.Text;
using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Details;

/// <summary>One element of <c>authorization_details</c>: RFC 9396 §2. Two elements are equal if their JSON is equal.</summary>
/// <param name="Type">Its <c>type</c>.</param>
/// <param name="Json">The element in its canonical spelling.</param>
public sealed record AuthorizationDetail(string Type, string Json)
{
    /// <summary>RFC 9396 §2.2: the APIs for which it is meant.</summary>
    public const string Locations = "locations";

    private const char MarkSeparator = ':';

    private readonly Lazy<JsonElement> element = new(() => StrictJson.Parse(Encoding.UTF8.GetBytes(Json)));

    /// <summary>The members, including <c>type</c>.</summary>
    public JsonElement Element => element.Value;

    /// <summary>Its locations; empty where it has none.</summary>
    public IReadOnlyList<string> NamedLocations =>
        Element.TryGetProperty(Locations, out var locations) && locations.ValueKind == JsonValueKind.Array
            ? [.. locations.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    /// <summary>The part that a consent stores: a hash and the type, so that the row of the consent does not reveal the content.</summary>
    public string Mark => $"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Json)))}{MarkSeparator}{Type}";

    /// <summary>The type in a <see cref="Mark"/>.</summary>
    public static string TypeOf(string mark) => mark[(mark.IndexOf(MarkSeparator, StringComparison.Ordinal) + 1)..];

    public bool Equals(AuthorizationDetail? other) => other is not null && Json == other.Json;

    public override int GetHashCode() => Json.GetHashCode(StringComparison.Ordinal);

    /// <summary>The text has no content of the element, so that none gets into a log.</summary>
    public override string ToString() => Type;
}

/// <summary>The <c>authorization_details</c> of a request, a grant or a token, without duplicates.</summary>
public sealed class AuthorizationDetails : IReadOnlyList<AuthorizationDetail>
{
    /// <summary>In bytes. They are stored in one property of the grant's row, which has room for 32,767 characters.</summary>
    public const int MostBytes = 16 * 1024;

    public const int Most = 32;

    private readonly IReadOnlyList<AuthorizationDetail> all;

    private AuthorizationDetails(IReadOnlyList<AuthorizationDetail> all) => this.all = all;

    public static AuthorizationDetails None { get; } = new([]);

    public int Count => all.Count;

    public AuthorizationDetail this[int index] => all[index];

    /// <summary>The part that a consent stores.</summary>
    public IReadOnlyList<string> Marks => [.. all.Select(detail => detail.Mark)];

    public AuthorizationDetails Where(Func<AuthorizationDetail, bool> keeps)
    {
        List<AuthorizationDetail> kept = [.. all.Where(keeps)];
        return kept.Count == all.Count ? this : new(kept);
    }

    /// <summary>RFC 9396 §2: reads the parameter of a client. The rules of the types are not checked here.</summary>
    /// <exception cref="OAuthException"><c>invalid_authorization_details</c>.</exception>
    public static AuthorizationDetails Parse(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
            throw TooLarge();
        var details = Read(text);
        if (details.Count > Most)
            throw OAuthError.InvalidAuthorizationDetails($"The authorization_details must have at most {Most} elements");
        if (details.Distinct().Count() < details.Count)
            throw OAuthError.InvalidAuthorizationDetails("The authorization_details contain the same element twice");
        // Some characters need more bytes in this form than in the request.
        return Encoding.UTF8.GetByteCount(details.ToString()) <= MostBytes ? details : throw TooLarge();
    }

    /// <summary>Reads the text of <see cref="ToString"/>.</summary>
    public static AuthorizationDetails Stored(string? text) => text is null ? None : Read(text);

    private static AuthorizationDetails Read(string text)
    {
        try
        {
            var json = StrictJson.Parse(Encoding.UTF8.GetBytes(text));
            if (json.ValueKind == JsonValueKind.Array)
                return new([.. json.EnumerateArray().Select(Read)]);
        }
        catch (JsonException)
        {
        }
        throw OAuthError.InvalidAuthorizationDetails("The authorization_details must be a JSON array, and no object in it may have the same member twice");
    }

    private static AuthorizationDetail Read(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TextOf("type") is { Length: > 0 } type
            ? new AuthorizationDetail(type, CanonicalJson.Of(element))
            : throw OAuthError.InvalidAuthorizationDetails("Each element of authorization_details must be a JSON object with a type");

    private static OAuthException TooLarge() => OAuthError.InvalidAuthorizationDetails($"The authorization_details must have at most {MostBytes} bytes");

    /// <summary>Writes the member <c>authorization_details</c> of a token or a response, if there are any: RFC 9396 §7 and §9.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (Count == 0)
            return;
        json.WriteStartArray(Parameter.AuthorizationDetails);
        foreach (var detail in all)
            json.WriteRawValue(detail.Json);
        json.WriteEndArray();
    }

    /// <summary>The JSON array.</summary>
    public override string ToString() => $"[{string.Join(',', all.Select(detail => detail.Json))}]";

    public IEnumerator<AuthorizationDetail> GetEnumerator() => all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
