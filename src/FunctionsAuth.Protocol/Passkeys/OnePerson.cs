using FunctionsAuth.Protocol.Credentials;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>
/// The user store that ASP.NET Core sees while it checks one answer of one authenticator: it knows only the owner of the passkey. It never writes.
/// </summary>
/// <param name="stored">The stored passkey for the answer; null for a new one.</param>
internal sealed class OnePerson(Passkey? stored) : IUserPasskeyStore<Passkey>
{
    private UserManager<Passkey>? manager;

    public UserManager<Passkey> Manager => manager ??= new UserManager<Passkey>(
        this, Options.Create(new IdentityOptions()), new PasswordHasher<Passkey>(), [], [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(), null!, NullLogger<UserManager<Passkey>>.Instance);

    public Task<Passkey?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(stored?.Subject == userId ? stored : null);

    public Task<string> GetUserIdAsync(Passkey user, CancellationToken cancellationToken) => Task.FromResult(user.Subject);

    // The passkey store makes sure that no other user has the same id, in one operation.
    public Task<Passkey?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => Task.FromResult<Passkey?>(null);

    /// <summary>The counter is 0 here. The stored counter is compared later, when the new one is written.</summary>
    public Task<UserPasskeyInfo?> FindPasskeyAsync(Passkey user, byte[] credentialId, CancellationToken cancellationToken) => Task.FromResult(
        user.Id.AsSpan().SequenceEqual(credentialId)
            ? new UserPasskeyInfo(user.Id, user.PublicKey, user.AddedAt, 0, [.. user.Transports], isUserVerified: true, user.IsSynced, isBackedUp: false, [], [])
            : null);

    public void Dispose()
    {
    }

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Passkey user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AddOrUpdatePasskeyAsync(Passkey user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(Passkey user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetUserNameAsync(Passkey user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetUserNameAsync(Passkey user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetNormalizedUserNameAsync(Passkey user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(Passkey user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(Passkey user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(Passkey user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(Passkey user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Passkey?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();
}
