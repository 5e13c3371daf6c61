using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>An initial access token (RFC 7591 §3), without its secret.</summary>
/// <param name="Uses">The number of clients that can be registered with it.</param>
/// <param name="Used">How many were.</param>
public sealed record RegistrationTokenView(string Id, string Label, int Uses, int Used, DateTimeOffset ExpiresAt);

/// <summary>A new initial access token. It is only in this answer.</summary>
public sealed record NewRegistrationTokenView(string Id, string Label, int Uses, DateTimeOffset ExpiresAt, string InitialAccessToken);

/// <param name="Label">For whom it is.</param>
/// <param name="Uses">The number of clients that can be registered with it; 1 if left out.</param>
/// <param name="ExpiresAt">One day from now if left out.</param>
public sealed record RegistrationTokenInput(string? Label = null, int? Uses = null, DateTimeOffset? ExpiresAt = null);

/// <summary>Initial access tokens, which allow the registration of clients.</summary>
public sealed class RegistrationTokensResource(IInitialAccessStore store, SecurityEvents events, TimeProvider clock) : ManageResource
{
    private const string Path = "initial_access_tokens";
    private const int LongestLabel = 200;
    private const int MostUses = 1_000_000;

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    public override string Tag => "clients";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_initial_access_tokens", HttpMethods.Get, Path, ManageScopes.ClientsRead, "Lists the initial access tokens, without the tokens themselves.", ListAsync)
        {
            Result = typeof(ApiList<RegistrationTokenView>), Query = QueryParameter.OfList, Cost = 2,
        },
        new("create_initial_access_token", HttpMethods.Post, Path, ManageScopes.ClientsWrite, "Creates an initial access token. The token is only in this answer.", CreateAsync)
        {
            Body = typeof(RegistrationTokenInput), IsBodyOptional = true, Result = typeof(NewRegistrationTokenView), Status = StatusCodes.Status201Created, TakesIdempotencyKey = true, Cost = 3,
        },
        new("revoke_initial_access_token", HttpMethods.Post, Path + "/{id}/revoke", ManageScopes.ClientsWrite, "Revokes an initial access token. Clients that were registered with it are kept.", RevokeAsync)
        {
            Status = StatusCodes.Status204NoContent, TakesIdempotencyKey = true, Cost = 4,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var page = await store.ListAsync(call.List(), cancellation);
        return ApiAnswer.Of(new ApiList<RegistrationTokenView>(
            [.. page.Items.Select(token => new RegistrationTokenView(token.Address.ToString(), token.Label, token.Limit, token.Used, token.ExpiresAt))], page.Next));
    }

    private async Task<ApiAnswer> CreateAsync(ApiCall call, CancellationToken cancellation)
    {
        var input = call.Read<RegistrationTokenInput>();
        var now = clock.GetUtcNow();
        var (label, uses, end) = (input.Label ?? "", input.Uses ?? 1, input.ExpiresAt?.ToUniversalTime() ?? now.AddDays(1));
        List<ApiFault> faults = [];
        if (label.Length > LongestLabel || label.Any(char.IsControl))
            faults.Add(new("label", $"must have at most {LongestLabel} characters, without ends of lines"));
        if (uses is < 1 or > MostUses)
            faults.Add(new("uses", $"must be 1 to {MostUses}"));
        if (end <= now || end > now + LongestLife)
            faults.Add(new("expires_at", $"must be in the future, in at most {LongestLife.Days} days"));
        if (faults.Count > 0)
            throw ApiProblem.Invalid("The token cannot be created", faults);
        var token = InitialAccessToken.New(end);
        var access = new InitialAccess { Address = token.Address, SecretHash = SecretHash.Of(token.Secret), Label = label, Limit = uses, ExpiresAt = end };
        if (!(await store.TrySaveAsync(access, cancellation)).Won)
            throw new Errors.TemporarilyUnavailableException("storage");
        await events.ConfigurationChangedAsync($"initial access token {token.Address}: created, for {uses} registrations");
        return ApiAnswer.Created(new NewRegistrationTokenView(token.Address.ToString(), label, uses, end, token.Encode()), Path);
    }

    private async Task<ApiAnswer> RevokeAsync(ApiCall call, CancellationToken cancellation)
    {
        if (!RecordAddress.TryParse(call.Route["id"], out var address) || await store.FindAsync(address, cancellation) is not { IsToken: true })
            throw ApiProblem.NotFound("initial access token");
        await store.DeleteAsync(address, cancellation);
        await events.ConfigurationChangedAsync($"initial access token {address}: revoked");
        return ApiAnswer.Nothing;
    }
}
