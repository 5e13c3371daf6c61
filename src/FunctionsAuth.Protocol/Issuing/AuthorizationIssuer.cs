using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Sessions;

namespace FunctionsAuth.Protocol.Issuing;

/// <summary>
/// Answers an authorization request that its user allowed. It stores the consent and the grant, and issues the code. With a legacy response type,
/// tokens are also issued. They are signed before the grant is stored, as at the token endpoint.
/// </summary>
public sealed class AuthorizationIssuer(
    ConsentKeeper consents, GrantMaker maker, IGrantStore grants, ISessionStore sessions, FrontChannelTokens frontChannel, SessionToucher toucher, LegacyUses legacy, ClientUse use)
{
    /// <returns>The parameters of the authorization response.</returns>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> IssueAsync(AuthorizationRequest request, CurrentUser user, CancellationToken cancellation)
    {
        var session = user.Session!;
        if (request.ResponseType == ResponseTypeNames.None)
        {
            await toucher.TouchAsync(session, cancellation);
            return [];
        }
        await consents.AllowAsync(user.Consent, session.Subject, request.Client.ClientId, request.Wish, request.Declined, cancellation);
        var (grant, first) = maker.Make(GrantOf(request), session);
        var fields = await FieldsAsync(request, grant, request.WantsCode ? first.Encode() : null, cancellation);
        // Both must be stored first: if the client could not be told about the logout, it must not get tokens.
        await Task.WhenAll(grants.InsertAsync(grant, cancellation), sessions.JoinAsync(session, request.Client, cancellation));
        await toucher.TouchAsync(session, cancellation);
        await use.NoteAsync(request.Client, cancellation);
        return fields;
    }

    private static NewGrant GrantOf(AuthorizationRequest request) => new(request.Client, request.Scopes, request.Resources)
    {
        Details = request.Details,
        Acr = request.Acr,
        Nonce = request.Nonce,
        Claims = request.Claims,
        RedirectUri = request.RedirectUri,
        CodeChallenge = request.CodeChallenge,
        DpopJkt = request.DpopJkt,
        HasCode = request.WantsCode,
        MayRefresh = request.WantsCode,
    };

    private async Task<List<KeyValuePair<string, string>>> FieldsAsync(AuthorizationRequest request, Grant grant, string? code, CancellationToken cancellation)
    {
        List<KeyValuePair<string, string>> fields = code is null ? [] : [new(Parameter.Code, code)];
        if (ResponseTypeNames.IsLegacy(request.ResponseType))
        {
            await legacy.NoteAsync(request.Client, $"response_type {request.ResponseType}", cancellation);
            fields.AddRange(await frontChannel.IssueAsync(request, grant, code, cancellation));
        }
        return fields;
    }
}
