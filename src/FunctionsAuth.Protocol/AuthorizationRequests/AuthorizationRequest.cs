using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>An authorization request that passed all checks that do not depend on the user: RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1.</summary>
public sealed record AuthorizationRequest
{
    public required AuthorizationTarget Target { get; init; }

    /// <summary>One of <see cref="ResponseTypeNames.All"/>.</summary>
    public required string ResponseType { get; init; }

    /// <summary>The redirect URI as a parameter; null if it was left out.</summary>
    public string? RedirectUri { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>The authorization details of the request: RFC 9396.</summary>
    public AuthorizationDetails Details { get; init; } = AuthorizationDetails.None;

    /// <summary>One of the details has a type for which the user is asked each time.</summary>
    public bool AlwaysAsks { get; init; }

    public string? CodeChallenge { get; init; }

    /// <summary>The thumbprint of the key that must redeem the code (RFC 9449 §10); null for any.</summary>
    public string? DpopJkt { get; init; }
    public string? Nonce { get; init; }
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>The maximum age of the login; null for any age.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The authentication level that the client asks for.</summary>
    public AcrWish Acr { get; init; } = AcrWish.None;

    public string? LoginHint { get; init; }

    /// <summary>The claims that the request names one by one.</summary>
    public ClaimsRequest? Claims { get; init; }

    /// <summary>Of these, the claims that no scope of the request includes: the user is asked for consent to them.</summary>
    public required IReadOnlyList<string> MoreClaims { get; init; }

    /// <summary>The user that the client expects, by the subject in its <c>id_token_hint</c> or <c>claims</c>.</summary>
    public string? ExpectedSubject { get; init; }

    /// <summary>The parameters as they were sent, so that the request can be stored while a user signs in and can be read again.</summary>
    public required string Encoded { get; init; }

    /// <summary>The address of the pushed request (RFC 9126) that it came from. Such a request is answered only once.</summary>
    public RecordAddress? Pushed { get; init; }

    public Client Client => Target.Client;

    /// <summary>The access for which the user is asked.</summary>
    public ConsentWish Wish => new(Scopes, Resources, MoreClaims) { Details = Details.Marks };

    /// <summary>The access that the user declined.</summary>
    public ConsentWish Declined { get; init; } = ConsentWish.Nothing;

    public bool IsSilent => Prompts.Contains(PromptNames.None);

    public bool WantsCode => Brings(Parameter.Code);

    /// <summary>Whether the answer has that parameter: <c>code</c>, <c>token</c> or <c>id_token</c>.</summary>
    public bool Brings(string word) => ResponseTypeNames.Has(ResponseType, word);

    public bool WantsOfflineAccess => Scopes.Contains(StandardScopes.OfflineAccess);
}
