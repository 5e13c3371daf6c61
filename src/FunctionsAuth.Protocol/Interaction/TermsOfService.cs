using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// The terms of service of the operator. A user who has not accepted the current version can use no client. The account pages stay available, to look
/// at the account, to download its data, and to delete it.
/// </summary>
public sealed class TermsOfService(IUserStore users, SecurityEvents events, ServerOptions options, TimeProvider clock)
{
    public bool AreOn => options.Terms.Version is not null;

    /// <summary>The address of the text; null without terms.</summary>
    public Uri? Address => options.Terms.Address;

    /// <summary>The acceptance of the current version, now; null without terms.</summary>
    public AcceptedTerms? Accepted() => options.Terms.Version is { } version ? new AcceptedTerms(version, clock.GetUtcNow()) : null;

    /// <param name="user">With a session.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async ValueTask<bool> MustBeAcceptedAsync(AuthorizationRequest request, CurrentUser user, CancellationToken cancellation) =>
        AreOn && !OwnClients.IsOwn(request.Client) && (user.User ?? await users.FindAsync(user.Session!.Subject, cancellation))?.AcceptedTerms?.Version != options.Terms.Version;

    /// <summary>The person accepts them.</summary>
    /// <param name="authTime">The time of the login with which the user accepts. A user who was signed out everywhere in the meantime accepts nothing.</param>
    /// <inheritdoc cref="MustBeAcceptedAsync"/>
    public async Task AcceptAsync(User user, DateTimeOffset authTime, CancellationToken cancellation)
    {
        var isAccepted = false;
        await CompareAndSwap.ChangeAsync(user, Changed, users.TrySaveAsync, cancellation);
        if (isAccepted)
            await events.TermsAcceptedAsync(user.Subject, options.Terms.Version!);

        User? Changed(User? current)
        {
            isAccepted = current?.Trusts(authTime) == true && current.AcceptedTerms?.Version != options.Terms.Version;
            return isAccepted ? current! with { AcceptedTerms = Accepted() } : null;
        }
    }
}
