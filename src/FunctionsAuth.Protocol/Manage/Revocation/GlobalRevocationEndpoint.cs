using System.Text.Json;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Revocation;

/// <summary>
/// Global Token Revocation (draft-parecki-oauth-global-token-revocation): another system, such as one that has detected a stolen account, ends all
/// sessions and tokens of a user. This is one write, however many there are, and clients that registered for it are told.
/// </summary>
public sealed class GlobalRevocationEndpoint(CallerReader callers, ManagedUsers users, Accounts accounts, SessionEnder sessions, ServerUrls urls) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(GlobalRevocationEndpoint))
    {
        Describe = (metadata, server) => server.DescribeEndpoint(metadata, "global_token_revocation_endpoint", Routes.GlobalTokenRevocation),
    };

    private const int Largest = 8 * 1024;

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.None, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var caller = await callers.ReadAsync(http, ManageScopes.Revoke, cancellation);
        var subject = await ReadAsync(http.Request, cancellation);
        if (await FindAsync(subject, cancellation) is not { DeletedAt: null } user)
            throw new OAuthException("user_not_found", "There is no such user", StatusCodes.Status404NotFound);
        using var acting = ActingAs.Begin(caller.IsPerson ? caller.Id : $"client {caller.Id}");
        await accounts.SignOutEverywhereAsync(user, caller.IsPerson ? users.Check(caller) : null, cancellation);
        await sessions.EndAllAsync(user.Subject, cancellation);
        return Results.NoContent();
    }

    private static async Task<JsonElement> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
            throw new OAuthException("invalid_request", "The body must be application/json", StatusCodes.Status415UnsupportedMediaType);
        // One byte more than allowed shows that the body is too large, whatever Content-Length says.
        var buffer = new byte[Largest + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (length > Largest)
            throw new OAuthException("invalid_request", "The request is too large", StatusCodes.Status413PayloadTooLarge);
        try
        {
            var body = StrictJson.Parse(buffer.AsMemory(0, length));
            return body.ValueKind == JsonValueKind.Object && body.TryGetProperty("sub_id", out var subject) && subject.ValueKind == JsonValueKind.Object
                ? subject
                : throw OAuthError.InvalidRequest("The body must be a JSON object with a member sub_id that is an object");
        }
        catch (JsonException)
        {
            throw OAuthError.InvalidRequest("The body is not valid JSON");
        }
    }

    /// <summary>RFC 9493 §3.</summary>
    private async Task<User?> FindAsync(JsonElement subject, CancellationToken cancellation) => subject.TextOf("format") switch
    {
        "iss_sub" => Needed(subject, "iss") == urls.Issuer ? await users.LookAsync(Needed(subject, "sub"), cancellation) : null,
        "opaque" => await users.LookAsync(Needed(subject, "id"), cancellation),
        "email" => Needed(subject, "email") is var email && await accounts.FindAsync(email, cancellation) is { } user && user.HasVerified(email) ? user : null,
        _ => throw OAuthError.InvalidRequest("The format of sub_id must be iss_sub, email or opaque"),
    };

    private static string Needed(JsonElement subject, string member) => subject.TextOf(member) ?? throw OAuthError.InvalidRequest($"The sub_id must have the member {member}, which must be a string");
}
