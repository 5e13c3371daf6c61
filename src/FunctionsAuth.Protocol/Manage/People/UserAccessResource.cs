using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Sessions;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>The sessions, consents and sign-in methods of a user.</summary>
public sealed class UserAccessResource(ManagedUsers managed, UserSessions sessions, SessionEnder ender, ConsentKeeper consents, UserFactors factors) : ManageResource
{
    public override string Tag => "users";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_user_sessions", HttpMethods.Get, "users/{subject}/sessions", ManageScopes.UsersRead, "Lists where a person is signed in, the newest first.", ListSessionsAsync)
        {
            Result = typeof(ApiList<SessionView>), Cost = 5,
        },
        new("end_user_session", HttpMethods.Post, "users/{subject}/sessions/{session}/end", ManageScopes.UsersWrite, "Ends one session of a person, and tells its clients.", EndSessionAsync)
        {
            Status = StatusCodes.Status204NoContent, TakesIdempotencyKey = true, Cost = 6,
        },
        new("list_user_consents", HttpMethods.Get, "users/{subject}/consents", ManageScopes.UsersRead, "Lists the clients to which a person gave access.", ListConsentsAsync)
        {
            Result = typeof(ApiList<ConsentView>), Cost = 2,
        },
        new("revoke_user_consent", HttpMethods.Post, "users/{subject}/consents/{client_id}/revoke", ManageScopes.UsersWrite, "Revokes the access of one client to a user: all earlier codes and tokens stop working.", RevokeAsync)
        {
            Status = StatusCodes.Status204NoContent, TakesIdempotencyKey = true, Cost = 6,
        },
        new("get_user_factors", HttpMethods.Get, "users/{subject}/factors", ManageScopes.UsersRead, "Shows the second factors and passkeys of a user.", FactorsAsync)
        {
            Result = typeof(FactorsView), Cost = 2,
        },
    ];

    private async Task<ApiAnswer> ListSessionsAsync(ApiCall call, CancellationToken cancellation)
    {
        var user = await managed.FindAsync(call, cancellation);
        var found = await sessions.ListAsync(user.Subject, cancellation);
        return ApiAnswer.Of(new ApiList<SessionView>([.. found.Where(session => user.Trusts(session.AuthTime)).Select(View)], null));
    }

    private static SessionView View(Session session) =>
        new(session.Address.ToString(), session.Browser, session.Country, session.AuthTime, session.LastUsedAt, session.ExpiresAt, session.Amr, session.PasswordClient);

    private async Task<ApiAnswer> EndSessionAsync(ApiCall call, CancellationToken cancellation)
    {
        var user = await managed.FindAsync(call, cancellation);
        managed.Demand(call.Caller, user.Groups);
        var session = await sessions.FindAsync(user.Subject, call.Route["session"], cancellation) ?? throw ApiProblem.NotFound("session");
        await ender.EndAsync(session, cancellation, AuditActor.Operator);
        return ApiAnswer.Nothing;
    }

    private async Task<ApiAnswer> ListConsentsAsync(ApiCall call, CancellationToken cancellation)
    {
        var user = await managed.FindAsync(call, cancellation);
        return ApiAnswer.Of(new ApiList<ConsentView>([.. (await consents.ListAsync(user.Subject, cancellation)).Select(ConsentView.Of)], null));
    }

    private async Task<ApiAnswer> RevokeAsync(ApiCall call, CancellationToken cancellation)
    {
        var user = await managed.FindAsync(call, cancellation);
        managed.Demand(call.Caller, user.Groups);
        return await consents.RevokeAsync(user.Subject, call.NameOf("client_id"), AuditActor.Operator, cancellation) ? ApiAnswer.Nothing : throw ApiProblem.NotFound("consent");
    }

    private async Task<ApiAnswer> FactorsAsync(ApiCall call, CancellationToken cancellation) =>
        ApiAnswer.Of(await factors.ShowAsync((await managed.FindAsync(call, cancellation)).Subject, cancellation));
}
