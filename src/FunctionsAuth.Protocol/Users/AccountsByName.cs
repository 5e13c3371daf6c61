using FunctionsAuth.Protocol.Groups;

namespace FunctionsAuth.Protocol.Users;

/// <summary>Changes that an operator makes to an account that is found by its name.</summary>
public static class AccountsByName
{
    /// <inheritdoc cref="Accounts.DisableAsync"/>
    /// <param name="loginName">The username, or the verified email address.</param>
    public static async Task<User?> DisableAsync(this Accounts accounts, string loginName, CancellationToken cancellation) =>
        await accounts.DisableAsync(await accounts.FindAsync(loginName, cancellation), null, cancellation);

    /// <inheritdoc cref="Accounts.EnableAsync"/>
    /// <param name="loginName">The username, or the verified email address.</param>
    public static async Task<User?> EnableAsync(this Accounts accounts, string loginName, CancellationToken cancellation) =>
        await accounts.EnableAsync(await accounts.FindAsync(loginName, cancellation), null, cancellation);

    /// <inheritdoc cref="Accounts.SignOutEverywhereAsync"/>
    /// <param name="loginName">The username, or the verified email address.</param>
    public static async Task<User?> SignOutEverywhereAsync(this Accounts accounts, string loginName, CancellationToken cancellation) =>
        await accounts.SignOutEverywhereAsync(await accounts.FindAsync(loginName, cancellation), null, cancellation);

    /// <inheritdoc cref="Accounts.SetPasswordAsync"/>
    /// <param name="loginName">The username, or the verified email address.</param>
    public static async Task<User?> SetPasswordAsync(this Accounts accounts, string loginName, string password, CancellationToken cancellation) =>
        await accounts.SetPasswordAsync(await accounts.FindAsync(loginName, cancellation), password, null, cancellation);

    /// <inheritdoc cref="Accounts.ChangeGroupsAsync"/>
    /// <param name="loginName">The username, or the verified email address.</param>
    /// <exception cref="ArgumentException">The user would be in more than <see cref="Group.MostPerMember"/> groups.</exception>
    public static async Task<User?> ChangeGroupsAsync(
        this Accounts accounts, string loginName, IReadOnlyCollection<string> added, IReadOnlyCollection<string> removed, CancellationToken cancellation) =>
        await accounts.ChangeGroupsAsync(await accounts.FindAsync(loginName, cancellation), added, removed, null, cancellation);
}
