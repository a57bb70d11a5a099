/* A stand-in for Pageant: the window that PuTTY's agent has, with a real agent behind it.
 *
 * A client writes a request into shared memory and sends that memory's name to the window; the answer is
 * written over the request. Each request is carried to the agent at a loopback port.
 *
 * usage: pageant PORT; prints "ready" once the window is there, and runs until it is ended.
 */
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY_BYTES = 8192 };
static const ULONG_PTR COPYDATA_ID = 0x804E50BA;

static int agent_port;

static int receive(SOCKET agent, char *bytes, int count)
{
    while (count > 0) {
        int got = recv(agent, bytes, count, 0);
        if (got <= 0)
            return 0;
        bytes += got;
        count -= got;
    }
    return 1;
}

static unsigned length_of(const char *message)
{
    const unsigned char *bytes = (const unsigned char *)message;
    return (unsigned)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/* Asks the agent what stands in `memory`; the answer replaces it. */
static int ask(char *memory)
{
    struct sockaddr_in address = {0};
    unsigned length = length_of(memory);
    SOCKET agent = socket(AF_INET, SOCK_STREAM, 0);
    int is_done = 0;

    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)agent_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (length <= MEMORY_BYTES - 4
        && connect(agent, (struct sockaddr *)&address, sizeof address) == 0
        && send(agent, memory, (int)length + 4, 0) == (int)length + 4
        && receive(agent, memory, 4)
        && (length = length_of(memory)) <= MEMORY_BYTES - 4)
        is_done = receive(agent, memory + 4, (int)length);
    closesocket(agent);
    return is_done;
}

static LRESULT answer(const COPYDATASTRUCT *data)
{
    const char *name = data->lpData;
    HANDLE mapping;
    char *memory;
    LRESULT is_done = 0;

    if (data->dwData != COPYDATA_ID || data->cbData == 0 || name[data->cbData - 1] != '\0')
        return 0;
    mapping = OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
    if (mapping == NULL)
        return 0;
    memory = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);
    if (memory != NULL) {
        is_done = ask(memory);
        UnmapViewOfFile(memory);
    }
    CloseHandle(mapping);
    return is_done;
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM wide, LPARAM data)
{
    if (message == WM_COPYDATA)
        return answer((const COPYDATASTRUCT *)data);
    return DefWindowProcA(window, message, wide, data);
}

int main(int count, char **words)
{
    WSADATA sockets;
    WNDCLASSA class = {0};
    MSG message;

    agent_port = count == 2 ? atoi(words[1]) : 0;
    class.lpfnWndProc = on_message;
    class.lpszClassName = "Pageant";
    if (agent_port == 0 || WSAStartup(MAKEWORD(2, 2), &sockets) != 0 || !RegisterClassA(&class)
        || CreateWindowA("Pageant", "Pageant", 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL) == NULL) {
        fprintf(stderr, "cannot start: %lu\n", GetLastError());
        return 1;
    }
    puts("ready");
    fflush(stdout);
    while (GetMessageA(&message, NULL, 0, 0) > 0)
        DispatchMessageA(&message);
    return 0;
}
