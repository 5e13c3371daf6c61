using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>The users in the order of their names, as an index: for operators who look for somebody.</summary>
public interface IUserDirectory
{
    /// <summary>
    /// The subjects of the users whose username, or else whose verified email address, begins like that. An entry may be out of date for a
    /// moment: who reads the user sees it.
    /// </summary>
    /// <param name="prefix">Compared as login names are; empty for all, in the order of their usernames.</param>
    Task<ListPage<string>> FindAsync(string prefix, ListRequest request, CancellationToken cancellation);

    /// <summary>Takes the entries of a name out, which the user's own record does not have.</summary>
    Task ForgetAsync(string loginName, string subject, CancellationToken cancellation);
}
