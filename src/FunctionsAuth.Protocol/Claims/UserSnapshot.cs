using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Claims;

/// <summary>
/// The usual claims of ID tokens, as the user had them at one time. A grant stores those of its authorization, so that an ID token can be signed
/// while the user is being read. It is signed again only if the user has changed since.
/// </summary>
public sealed class UserSnapshot
{
    // A claim that the user does not have is included as null.
    private readonly JsonObject values;

    private UserSnapshot(JsonObject values) => this.values = values;

    /// <returns>Null when they are too large for an ID token.</returns>
    public static UserSnapshot? Of(User user) => Of(user, IdTokenClaims.Usual);

    /// <summary>Of the text of a row.</summary>
    public static UserSnapshot? Parse(string? text) => text is null ? null : new UserSnapshot(JsonSerializer.Deserialize<JsonObject>(text)!);

    /// <summary>Whether it says of each of these claims what the user had.</summary>
    public bool Knows(IEnumerable<string> names) => names.All(values.ContainsKey);

    /// <returns>Null when none is left.</returns>
    public UserSnapshot? Only(IEnumerable<string> names)
    {
        List<string> known = [.. names.Where(values.ContainsKey)];
        return known.Count == 0 ? null : new UserSnapshot(new JsonObject(known.Select(name => KeyValuePair.Create(name, values[name]?.DeepClone()))));
    }

    /// <summary>The same claims as the user has them now.</summary>
    /// <returns>Null when they are too large now.</returns>
    public UserSnapshot? Renewed(User user) => Of(user, values.Select(claim => claim.Key));

    /// <summary>The claims for an ID token: without those that the user does not have.</summary>
    public JsonObject Of(IEnumerable<string> names) =>
        new(names.Where(name => values[name] is not null).Select(name => KeyValuePair.Create(name, values[name]?.DeepClone())));

    public override string ToString() => values.ToJsonString();

    private static UserSnapshot? Of(User user, IEnumerable<string> names)
    {
        List<string> known = [.. names];
        var claims = UserClaims.Named(user, known);
        var values = new JsonObject(known.Select(name => KeyValuePair.Create(name, claims[name]?.DeepClone())));
        return UserClaims.SizeOf(values) <= IdTokenClaims.MostBytes ? new UserSnapshot(values) : null;
    }
}
