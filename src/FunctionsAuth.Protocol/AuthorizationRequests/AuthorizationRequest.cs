using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>An authorization request that passed every check that needs no user: RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1.</summary>
public sealed record AuthorizationRequest
{
    public required AuthorizationTarget Target { get; init; }

    /// <summary>One of <see cref="ResponseTypeNames.All"/>.</summary>
    public required string ResponseType { get; init; }

    /// <summary>The redirect URI as a parameter, null when it was left out.</summary>
    public string? RedirectUri { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>What more the client wants, in detail: RFC 9396.</summary>
    public AuthorizationDetails Details { get; init; } = AuthorizationDetails.None;

    /// <summary>One of these is of a type of which the person is asked each time.</summary>
    public bool AlwaysAsks { get; init; }

    public string? CodeChallenge { get; init; }

    /// <summary>The thumbprint of the key that must redeem the code (RFC 9449 §10); null for any.</summary>
    public string? DpopJkt { get; init; }
    public string? Nonce { get; init; }
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>How old the login may be; null: any age.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>How surely the user must have signed in.</summary>
    public AcrWish Acr { get; init; } = AcrWish.None;

    public string? LoginHint { get; init; }

    /// <summary>The claims that are asked for one by one.</summary>
    public ClaimsRequest? Claims { get; init; }

    /// <summary>Of these, the ones that no scope of the request brings: the person is asked for them.</summary>
    public required IReadOnlyList<string> MoreClaims { get; init; }

    /// <summary>Whom the client expects, by the subject that it knows: from its <c>id_token_hint</c> or its <c>claims</c>.</summary>
    public string? ExpectedSubject { get; init; }

    /// <summary>What came in, so that it can be stored while a person signs in and be read again.</summary>
    public required string Encoded { get; init; }

    /// <summary>Where it was pushed beforehand (RFC 9126); such a request is answered once.</summary>
    public RecordAddress? Pushed { get; init; }

    public Client Client => Target.Client;

    /// <summary>What the person is asked to allow.</summary>
    public ConsentWish Wish => new(Scopes, Resources, MoreClaims) { Details = Details.Marks };

    /// <summary>What the person was asked for beside that and left out.</summary>
    public ConsentWish Declined { get; init; } = ConsentWish.Nothing;

    public bool IsSilent => Prompts.Contains(PromptNames.None);

    public bool WantsCode => Brings(Parameter.Code);

    /// <summary>Whether the answer has that parameter: <c>code</c>, <c>token</c> or <c>id_token</c>.</summary>
    public bool Brings(string word) => ResponseTypeNames.Has(ResponseType, word);

    public bool WantsOfflineAccess => Scopes.Contains(StandardScopes.OfflineAccess);
}
