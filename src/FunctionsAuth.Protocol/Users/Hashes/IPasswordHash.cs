namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>The hash of one password, read from its text.</summary>
internal interface IPasswordHash
{
    /// <summary>The cost of <see cref="Matches"/>, in iterations of PBKDF2-HMAC-SHA512 on this machine.</summary>
    double Cost { get; }

    /// <summary>Whether <see cref="Matches"/> fills a lot of memory, so that it must not run several times at once.</summary>
    bool TakesMemory { get; }

    /// <summary>Takes the same time for right and wrong passwords, and throws for none.</summary>
    bool Matches(string password);
}
