using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// The operator's terms of service. Who has not accepted the version of today gets to no client before, but to the own account: to look at it, to
/// take a copy, and to delete it.
/// </summary>
public sealed class TermsOfService(IUserStore users, SecurityEvents events, ServerOptions options, TimeProvider clock)
{
    public bool AreOn => options.Terms.Version is not null;

    /// <summary>Where people read them; null without terms.</summary>
    public Uri? Address => options.Terms.Address;

    /// <summary>That somebody accepts them now; null without terms.</summary>
    public AcceptedTerms? Accepted() => options.Terms.Version is { } version ? new AcceptedTerms(version, clock.GetUtcNow()) : null;

    /// <param name="user">With a session.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async ValueTask<bool> MustBeAcceptedAsync(AuthorizationRequest request, CurrentUser user, CancellationToken cancellation) =>
        AreOn && !OwnClients.IsOwn(request.Client) && (user.User ?? await users.FindAsync(user.Session!.Subject, cancellation))?.AcceptedTerms?.Version != options.Terms.Version;

    /// <summary>The person accepts them.</summary>
    /// <param name="authTime">Of the login by which the person does it: who was signed out everywhere meanwhile accepts nothing.</param>
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
