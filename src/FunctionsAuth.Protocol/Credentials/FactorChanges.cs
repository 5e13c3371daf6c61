using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>What a person is told of when something with which they sign in has changed: somebody else may have done it.</summary>
public sealed class FactorChanges(SecurityEvents events)
{
    public Task PasskeyAddedAsync(User user) => events.PasskeyAddedAsync(user.Subject);

    public Task PasskeyRenamedAsync(User user) => events.PasskeyRenamedAsync(user.Subject);

    public Task PasskeyRemovedAsync(User user) => events.PasskeyRemovedAsync(user.Subject, AuditActor.Person);

    /// <summary>An operator did it.</summary>
    public Task PasskeysTakenAwayAsync(User user) => events.PasskeyRemovedAsync(user.Subject, AuditActor.Operator);
}
