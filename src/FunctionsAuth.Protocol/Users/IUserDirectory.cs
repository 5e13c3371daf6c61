using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>The users in the order of their names, as an index for operators who search for a user.</summary>
public interface IUserDirectory
{
    /// <summary>
    /// The subjects of the users whose username or verified email address has this beginning. An entry can be out of date for a moment. Read the user
    /// record to be sure.
    /// </summary>
    /// <param name="prefix">Compared like login names. Empty for all users, in the order of their usernames.</param>
    Task<ListPage<string>> FindAsync(string prefix, ListRequest request, CancellationToken cancellation);

    /// <summary>Removes index entries of a name that the user record does not have.</summary>
    Task ForgetAsync(string loginName, string subject, CancellationToken cancellation);
}
