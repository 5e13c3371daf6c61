using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Sessions;

namespace FunctionsAuth.Protocol.Issuing;

/// <summary>Writes down what the user allowed, and makes the answer of it.</summary>
public sealed class AuthorizationGranter(ConsentKeeper consents, GrantIssuer grants, SessionToucher toucher, ClientUse use)
{
    /// <returns>The parameters of the authorization response.</returns>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> GrantAsync(AuthorizationRequest request, CurrentUser user, CancellationToken cancellation)
    {
        var session = user.Session!;
        await consents.AllowAsync(user.Consent, session.Subject, request.Client.ClientId, request.Wish, cancellation);
        var fields = await grants.IssueAsync(request, session, cancellation);
        await toucher.TouchAsync(session, cancellation);
        await use.NoteAsync(request.Client, cancellation);
        return fields;
    }
}
