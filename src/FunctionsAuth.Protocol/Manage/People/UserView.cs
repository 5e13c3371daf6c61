using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>A person as the API shows one.</summary>
public sealed record UserView
{
    /// <summary>Never changes and is never given to somebody else.</summary>
    public required string Subject { get; init; }

    public required string Username { get; init; }

    public required bool Disabled { get; init; }

    /// <summary>Claims of OpenID Connect Core §5.1 and the operator's own, by name.</summary>
    public required JsonObject Claims { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required bool HasPassword { get; init; }

    /// <summary>Whether wrong passwords of before count against the account: they can be taken back by <c>unlock</c>.</summary>
    public required bool HasFailures { get; init; }

    /// <summary>What was handed out before this moment is dead; null: nothing was ended as a whole.</summary>
    public DateTimeOffset? SignedOutAt { get; init; }

    /// <summary>The version of the terms of service that the person accepted last.</summary>
    public string? AcceptedTerms { get; init; }

    public static UserView Of(User user) => new()
    {
        Subject = user.Subject,
        Username = user.Username,
        Disabled = user.Disabled,
        Claims = user.Claims.DeepClone().AsObject(),
        Groups = user.Groups,
        HasPassword = user.PasswordHash is not null,
        HasFailures = user.HasFailures,
        SignedOutAt = user.SessionsValidFrom,
        AcceptedTerms = user.AcceptedTerms?.Version,
    };

    /// <summary>What a merge patch (RFC 7396) changes: the members of a person in an import file, without password.</summary>
    public static JsonObject Changeable(User user) => new()
    {
        ["username"] = user.Username,
        ["disabled"] = user.Disabled,
        ["claims"] = user.Claims.DeepClone(),
        ["groups"] = new JsonArray([.. user.Groups.Select(group => (JsonNode)group)]),
    };
}

/// <summary>A person in a list.</summary>
public sealed record UserEntry(string Subject, string Username, bool Disabled, string? Name, string? Email)
{
    public static UserEntry Of(User user) => new(user.Subject, user.Username, user.Disabled, (user.Claims["name"] as JsonValue)?.ToString(), (user.Claims["email"] as JsonValue)?.ToString());
}

/// <summary>A session of a person.</summary>
/// <param name="Id">The <c>sid</c> of its ID tokens. It opens nothing.</param>
/// <param name="Amr">How the person signed in: RFC 8176.</param>
/// <param name="ClientId">The client that brought the password itself; null for a browser.</param>
public sealed record SessionView(string Id, string? Browser, string? Country, DateTimeOffset AuthTime, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, IReadOnlyList<string> Amr, string? ClientId);

/// <summary>What a person allowed a client.</summary>
/// <param name="LastUsedAt">When the client last got tokens by it, to the day.</param>
public sealed record ConsentView(string Subject, string ClientId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources, IReadOnlyList<string> Claims, DateTimeOffset GrantedAt, DateTimeOffset? LastUsedAt)
{
    public static ConsentView Of(Consents.Consent consent) =>
        new(consent.Subject, consent.ClientId, consent.Scopes, consent.Resources, consent.Claims, consent.GrantedAt, consent.LastUsedAt);
}

/// <summary>What a person signs in with beside the password.</summary>
/// <param name="RecoveryCodes">How many are left.</param>
public sealed record FactorsView(bool HasTotp, int RecoveryCodes, IReadOnlyList<PasskeyView> Passkeys);

/// <param name="IsSynced">It may be on several devices of the person.</param>
public sealed record PasskeyView(string Name, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt, bool IsSynced);

/// <summary>A password that the server made. It is shown this once.</summary>
public sealed record NewPasswordView(string Password);

/// <param name="Password">The new password; null: the server makes one.</param>
public sealed record PasswordInput(string? Password = null)
{
    public override string ToString() => nameof(PasswordInput);
}

/// <param name="Mail">True: the server mails the link, and the answer does not have it.</param>
public sealed record InvitationInput(bool? Mail = null);

/// <summary>By the link, once, the person chooses a password.</summary>
/// <param name="Link">Null where it was mailed.</param>
public sealed record InvitationView(DateTimeOffset ExpiresAt, string? Link);
