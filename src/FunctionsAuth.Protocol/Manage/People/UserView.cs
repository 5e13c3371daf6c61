using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>A user in the API.</summary>
public sealed record UserView
{
    /// <summary>It never changes and is never given to another user.</summary>
    public required string Subject { get; init; }

    public required string Username { get; init; }

    public required bool Disabled { get; init; }

    /// <summary>Claims of OpenID Connect Core §5.1 and the operator's own, by name.</summary>
    public required JsonObject Claims { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required bool HasPassword { get; init; }

    /// <summary>Whether wrong passwords count against the account. <c>unlock</c> removes them.</summary>
    public required bool HasFailures { get; init; }

    /// <summary>Sessions, codes and tokens from before this time are invalid; null: no such time.</summary>
    public DateTimeOffset? SignedOutAt { get; init; }

    /// <summary>The version of the terms of service that the user accepted last.</summary>
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

    /// <summary>The members that a merge patch (RFC 7396) can change: those of a user in an import file, without the password.</summary>
    public static JsonObject Changeable(User user) => new()
    {
        ["username"] = user.Username,
        ["disabled"] = user.Disabled,
        ["claims"] = user.Claims.DeepClone(),
        ["groups"] = new JsonArray([.. user.Groups.Select(group => (JsonNode)group)]),
    };
}

/// <summary>A user in a list.</summary>
public sealed record UserEntry(string Subject, string Username, bool Disabled, string? Name, string? Email)
{
    public static UserEntry Of(User user) => new(user.Subject, user.Username, user.Disabled, (user.Claims["name"] as JsonValue)?.ToString(), (user.Claims["email"] as JsonValue)?.ToString());
}

/// <summary>A session of a user.</summary>
/// <param name="Id">The <c>sid</c> of its ID tokens. It is not a secret.</param>
/// <param name="Amr">The methods with which the user signed in: RFC 8176.</param>
/// <param name="ClientId">The client that sent the password itself; null for a browser.</param>
public sealed record SessionView(string Id, string? Browser, string? Country, DateTimeOffset AuthTime, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, IReadOnlyList<string> Amr, string? ClientId);

/// <summary>The consent that a user gave a client.</summary>
/// <param name="LastUsedAt">The day on which the client last got tokens with this consent.</param>
public sealed record ConsentView(string Subject, string ClientId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources, IReadOnlyList<string> Claims, DateTimeOffset GrantedAt, DateTimeOffset? LastUsedAt)
{
    public static ConsentView Of(Consents.Consent consent) =>
        new(consent.Subject, consent.ClientId, consent.Scopes, consent.Resources, consent.Claims, consent.GrantedAt, consent.LastUsedAt);
}

/// <summary>The sign-in methods of a user in addition to the password.</summary>
/// <param name="RecoveryCodes">The number of codes that are left.</param>
public sealed record FactorsView(bool HasTotp, int RecoveryCodes, IReadOnlyList<PasskeyView> Passkeys);

/// <param name="IsSynced">The passkey may be on several devices of the user.</param>
public sealed record PasskeyView(string Name, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt, bool IsSynced);

/// <summary>A password that the server created. It is only in this answer.</summary>
public sealed record NewPasswordView(string Password);

/// <param name="Password">The new password; null: the server creates one.</param>
public sealed record PasswordInput(string? Password = null)
{
    public override string ToString() => nameof(PasswordInput);
}

/// <param name="Mail">True: the server sends the link by mail, and the answer does not have it.</param>
public sealed record InvitationInput(bool? Mail = null);

/// <summary>A link with which the user can choose a password once.</summary>
/// <param name="Link">Null if it was sent by mail.</param>
public sealed record InvitationView(DateTimeOffset ExpiresAt, string? Link);
