using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.SessionEnd;

/// <summary>A client that took part in a session which has ended.</summary>
/// <param name="Subject">The subject of the user on the server.</param>
/// <param name="Session">Its text is the <c>sid</c> that the client knows.</param>
public sealed record LogoutRecipient(Client Client, string Subject, RecordAddress Session);
